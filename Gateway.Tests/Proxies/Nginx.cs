using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Proxies;

/// <summary>nginx in front of a gateway, with the file that the documentation offers, and with what it does when it is told nothing.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    /// <summary>Where it listens with the documented file.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where it listens and passes on with one line.</summary>
    public Uri Plain { get; private set; } = null!;

    public static async Task<Nginx> StartAsync(GatewayFixture gateway)
    {
        var program = Find();
        Assert.SkipWhen(program is null, "nginx is not installed");
        var nginx = new Nginx();
        try
        {
            await nginx.RunAsync(program, gateway);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // The master takes its worker along when it is asked to end.
            if (!_process.HasExited) Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();
            await Wait.For(_process.WaitForExitAsync(), "the end of nginx");
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin").Split(':').Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);

    private async Task RunAsync(string program, GatewayFixture gateway)
    {
        var (port, plain) = (FreePort(), FreePort());
        (Address, Plain) = (new Uri($"http://127.0.0.1:{port}/"), new Uri($"http://127.0.0.1:{plain}/"));
        var documented = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "nginx.conf"));
        documented = documented.Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal).Replace("127.0.0.1:8080", gateway.Address.Authority, StringComparison.Ordinal);
        var temp = new StringBuilder();
        foreach (var kind in (string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]) temp.AppendLine($"{kind}_temp_path {_folder.At(kind)};");
        await File.WriteAllTextAsync(_folder.At("nginx.conf"), $$"""
            daemon off;
            worker_processes 1;
            pid {{_folder.At("pid")}};
            error_log {{_folder.At("error.log")}};
            events { worker_connections 256; }
            http {
                access_log off;
                {{temp}}
                {{documented}}
                server {
                    listen 127.0.0.1:{{plain}};
                    location / { proxy_pass {{gateway.Address.GetLeftPart(UriPartial.Authority)}}; }
                }
            }
            """);
        _process = Process.Start(new ProcessStartInfo(program, ["-p", _folder.Path, "-e", _folder.At("error.log"), "-c", _folder.At("nginx.conf")]) { RedirectStandardError = true })!;
        foreach (var listening in (int[])[port, plain]) await Wait.For(ConnectAsync(listening), "nginx to listen");
    }

    private async Task ConnectAsync(int port)
    {
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                Assert.False(_process!.HasExited, $"nginx has ended: {(_process.HasExited ? await _process.StandardError.ReadToEndAsync() : "")}");
                await Task.Delay(20);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
