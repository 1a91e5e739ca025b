using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests;

/// <summary>A gateway that cannot start says why in a sentence, and ends with exit code 1 instead of a crash.</summary>
public sealed class FailedStartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Gateway:Storage:Path=/proc/x/y.db", "/proc/x/y.db")]
    [InlineData("--Gateway:Storage:Retention:MaxAge=-1.00:00:00", "Gateway:Storage:Retention:MaxAge")]
    [InlineData("--Gateway:Storage:Retention:MaxAge=soon", "Gateway:Storage:Retention:MaxAge")]
    [InlineData("--Gateway:Models:x:Provider=nope", "Gateway:Models:x:Provider")]
    [InlineData("--Gateway:WorkflowsPath=no-such-folder", "no-such-folder")]
    [InlineData("--Gateway:Limits:MaxConnections=-1", "Gateway:Limits:MaxConnections: ")]
    [InlineData("--Gateway:Delivery:WindowBytes=-1", "Gateway:Delivery:WindowBytes: ")]
    [InlineData("--Gateway:Limits:MaxSubscriptionsPerConnection=0", "MaxSubscriptionsPerConnection")]
    [InlineData("--Gateway:Limits:CommandBurst=0", "CommandBurst")]
    [InlineData("--Gateway:DrainWindow=-00:00:01", "DrainWindow")]
    [InlineData("--Gateway:AllowedOrigins:0=app.example.com", "'app.example.com'")]
    [InlineData("--Gateway:AllowedOrigins:3=https://app.example.com/path", "'https://app.example.com/path'")]
    [InlineData("--Gateway:AllowedOrigins=https://app.example.com,http://*.example.com", "'http://*.example.com'")]
    [InlineData("--Gateway:Storage:LockTimeout=10:30", "Gateway:Storage:LockTimeout: must be a time, such as 30s")]
    [InlineData("--Gateway:Models:m:IdleTimeout=60d", "Gateway:Models:m:IdleTimeout: must be from")]
    [InlineData("--Gateway:Storage:Compact=yes", "Gateway:Storage:Compact: must be true or false, not 'yes'.")]
    [InlineData("--Gateway:Storage:Path=\"data/x.db\"", "Gateway:Storage:Path: must be")]
    [InlineData("--Gateway:Storage:Path=data/x.db\r", "Gateway:Storage:Path: must be")]
    [InlineData("--Gateway:WorkflowsPath=wf\r", "Gateway:WorkflowsPath: must be")]
    [InlineData("--Logging:LogLevel:Default=Verbose", "Logging:LogLevel:Default: must be Trace, Debug, Information, Warning, Error, Critical or None, not 'Verbose'; here it is called Trace.")]
    [InlineData("--Logging:Console:LogLevel:Gateway=WARN", "Logging:Console:LogLevel:Gateway: must be")]
    [InlineData("--AllowedHosts=127.0.0.1,localhost", "AllowedHosts: '127.0.0.1,localhost' is no host; write names without scheme, port and blanks, separated by semicolons")]
    [InlineData("--AllowedHosts=good.example;http://127.0.0.1", "AllowedHosts: 'http://127.0.0.1' is no host")]
    [InlineData("--AllowedHosts=127.0.0.1:8080", "AllowedHosts: '127.0.0.1:8080' is no host")]
    [InlineData("--AllowedHosts=a.example; b.example", "AllowedHosts: ' b.example' is no host")]
    [InlineData("--urls=nonsense", "nonsense")]
    [InlineData("--urls=http://*:0", "Gateway:Auth:AllowAnonymous=true")]
    [InlineData("--urls=ftp://127.0.0.1:0", "'ftp://127.0.0.1:0' in urls (--urls or ASPNETCORE_URLS) does not begin with http")]
    [InlineData("--urls=http://localhost:0", "http://127.0.0.1:0")]
    [InlineData("--urls=http://127.0.0.1:0/base", "has a path, '/base'")]
    [InlineData("--urls=http://127.0.0.1:0,http://127.0.0.1:1", "several addresses are separated by semicolons")]
    [InlineData("--urls=\"http://127.0.0.1:0\"", "has quotes")]
    [InlineData("--urls=https://127.0.0.1:0", "certificate")]
    [InlineData("--Kestrel:Endpoints:Http:Protocols=Http1", "Url")]
    [InlineData("--urls=http://127.0.0.1:99999", "--urls")]
    public Task Wrong_setting_is_named(string setting, string name) => AssertFailsAsync(name, setting);

    [Fact]
    public async Task Unusable_file_is_named()
    {
        var file = _folder.At("notes.db");
        await System.IO.File.WriteAllTextAsync(file, new string('x', 5000), TestContext.Current.CancellationToken);

        await AssertFailsAsync($"'{file}' is not a SQLite database", $"--Gateway:Storage:Path={file}");
        var folder = Directory.CreateDirectory(_folder.At("folder")).FullName;
        await AssertFailsAsync(folder, $"--Gateway:Storage:Path={folder}");
        await AssertFailsAsync(Path.Combine(file, "y.db"), $"--Gateway:Storage:Path={Path.Combine(file, "y.db")}");
    }

    [Fact]
    public async Task Broken_workflow_file_is_named()
    {
        await System.IO.File.WriteAllTextAsync(_folder.At("broken.yaml"), "id: [", TestContext.Current.CancellationToken);

        await AssertFailsAsync("broken.yaml", $"--Gateway:WorkflowsPath={_folder.Path}");
    }

    [Fact]
    public async Task Taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await AssertFailsAsync(address, $"--urls={address}");
    }

    [Fact]
    public async Task Certificate_that_is_none_is_named()
    {
        var file = _folder.Write("site.pfx", "this is no certificate");

        await AssertFailsAsync("The certificate cannot be used", "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Https:Certificate:Path={file}");
    }

    [Fact]
    public async Task Slip_in_the_settings_file_is_told_with_its_line()
    {
        _folder.Write("appsettings.json", "{\n  \"Gateway\": {\n    'Storage': {}\n  }\n}");

        await AssertFailsAsync("appsettings.json'. At line 3, byte 5", "--contentRoot", _folder.Path);
    }

    private async Task AssertFailsAsync(string name, params string[] settings)
    {
        var start = new ProcessStartInfo(Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()))
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] defaults = ["--urls=http://127.0.0.1:0", $"--Gateway:Storage:Path={_folder.At("gateway.db")}"];
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Gateway.dll"), .. defaults, .. settings]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Wait.For(process.WaitForExitAsync(), "the end of a gateway that cannot start");

            Assert.Equal((1, true), (process.ExitCode, (await errors).Contains(name, StringComparison.Ordinal)));
            Assert.DoesNotContain("   at ", await errors + await output, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }
}
