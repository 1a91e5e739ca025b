using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>The gateway on Kestrel, with real sockets and TLS: nothing may go past the encryption.</summary>
public sealed class TlsFixture() : GatewayFixture(sockets: true, kestrel: kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(Certificate.Value)))
{
    // Made anew for each run, and trusted by nobody but the readers of the tests.
    private static readonly Lazy<X509Certificate2> Certificate = new(() =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var today = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(today.AddDays(-1), today.AddDays(1));
    });

    /// <summary>The certificate.</summary>
    public static X509Certificate2 Own => Certificate.Value;

    /// <summary>Writes the certificate with its key to a file.</summary>
    public static void Export(string path) => File.WriteAllBytes(path, Certificate.Value.Export(X509ContentType.Pfx));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.Equal(Uri.UriSchemeHttps, Address.Scheme);
    }

    /// <summary>The check of a reader: this very certificate, and no other.</summary>
    public static bool IsTrusted(X509Certificate? certificate) => certificate is not null && certificate.GetCertHashString() == Certificate.Value.GetCertHashString();
}
