using System.Net;

namespace Gateway.Client.Connection;

/// <summary>Where the hub is, by what the user wrote; and what may be wrong with that when nobody answers there.</summary>
internal static class GatewayAddress
{
    private const string Hub = "/hub";

    /// <summary>Reads an address as text.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static Uri Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && HasHost(uri) ? uri : throw Wrong(address);
    }

    /// <summary>The hub's address: the given one, with <c>/hub</c> when it has no path.</summary>
    /// <exception cref="ArgumentException">It is not the address of a web server.</exception>
    public static Uri ToHub(Uri address)
    {
        if (!address.IsAbsoluteUri || !HasHost(address)) throw Wrong(address.OriginalString);
        return address.AbsolutePath == "/" ? new Uri(address, Hub + address.Query) : address;
    }

    /// <summary>Why the connection failed, for people.</summary>
    public static string Describe(Uri address, Exception failure)
    {
        var sentence = $"Cannot reach the gateway at {address}: {failure.Message}";
        return failure is HttpRequestException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed } && !address.AbsolutePath.EndsWith(Hub, StringComparison.Ordinal)
            ? $"{sentence} There is no hub; an address with a path is taken as it is. Did you mean {new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + Hub }.Uri}?"
            : sentence;
    }

    // 'localhost:8080' is a valid URI, too: one whose scheme is 'localhost'.
    private static bool HasHost(Uri address) => address.Scheme is "http" or "https" or "ws" or "wss" && address.Host.Length > 0;

    private static ArgumentException Wrong(string address) =>
        new($"'{address}' is not the address of a gateway: write it like http://localhost:8080 or https://gateway.example/hub.", nameof(address));
}
