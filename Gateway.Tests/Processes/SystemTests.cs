using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Processes;

/// <summary>What the system does to a gateway does not end it, and what is to end it does.</summary>
public sealed class SystemTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Store => $"--Gateway:Storage:Path={_folder.At("gateway.db")}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Connections_do_not_get_the_last_descriptors()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The limit of descriptors is set as Linux sets it.");
        await using var server = await ServerProcess.StartAsync(_folder.Path, "ulimit -n 400", null, Store, "--Logging:LogLevel:Microsoft=Warning");
        var served = new List<Socket>();
        var refused = 0;
        while (refused < 20 && served.Count < 400)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            if (await IsServedAsync(socket, server.Address)) served.Add(socket);
            else refused++;
        }

        Assert.Equal(20, refused);
        Assert.NotEmpty(served);
        Assert.False(server.HasExited);

        foreach (var socket in served) socket.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await GetUntilServedAsync(server, "/health/ready")).StatusCode);
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task A_limit_on_the_size_of_files_is_a_full_disk_and_no_end()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The limit is set as Linux sets it, and the runtime starts under so small a one only with a switch.");
        await using var server = await ServerProcess.StartAsync(_folder.Path, "ulimit -f 8192; export DOTNET_EnableWriteXorExecute=0", null, Store);
        const string Asking = """{"session_id":"s","input":"x","workflow":{"nodes":{"s":{"type":"start","next":"r"},"r":{"type":"human_review","prompt":"?","next":"e"},"e":{"type":"end"}}}}""";
        using (var started = await server.Client.PostAsync("/api/v1/sessions", Json(Asking), Token)) Assert.Equal(HttpStatusCode.Created, started.StatusCode);

        // Words of 400 KB, of which the file takes no more than a few.
        var answer = HttpStatusCode.OK;
        for (var i = 0; i < 20 && answer == HttpStatusCode.OK; i++)
        {
            using var said = await server.Client.PostAsync("/api/v1/sessions/s/input", Json($"{{\"content\":\"{new string('y', 400_000)}\",\"remark\":true}}"), Token);
            answer = said.StatusCode;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer);
        Assert.False(server.HasExited);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/v1/sessions/s", Token)).StatusCode);
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task An_output_that_nobody_reads_stops_nothing()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The processes of these tests are started by a shell.");
        await using var server = await ServerProcess.StartAsync(_folder.Path, "", null, Store, "--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Microsoft=Debug", "--Gateway:DrainWindow=0");

        // At this level a request writes more than a kilobyte, and the queue before the pipe holds 2,500 lines.
        for (var i = 0; i < 600; i++) (await server.Client.GetAsync("/api/v1/sessions", Token)).EnsureSuccessStatusCode();

        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task A_request_that_is_never_finished_does_not_hold_up_the_end()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no such signal.");
        await using var server = await ServerProcess.StartAsync(_folder.Path, "", null, Store, "--Gateway:DrainWindow=0");
        using var half = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await half.ConnectAsync(server.Address.Host, server.Address.Port, Token);
        await half.SendAsync(Encoding.ASCII.GetBytes("POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"), Token);

        // The gateway asks for the body, so it is waiting for it.
        Assert.True(await half.ReceiveAsync(new byte[100], Token) > 0);
        var began = TimeProvider.System.GetTimestamp();
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());

        // Whole times are not for tests, but half a minute is what the host alone would have waited.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task A_lost_terminal_ends_it_in_order()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no such signal.");

        // Tests that run under nohup ignore the signal, and so does what they start unless it is told otherwise.
        const string Heard = "env --default-signal=HUP true && set -- env --default-signal=HUP \"$@\"";
        await using var server = await ServerProcess.StartAsync(_folder.Path, Heard, null, Store, "--Gateway:DrainWindow=0");

        await server.SignalAsync("HUP");

        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("All sessions are paused and all connections let go", await server.Output.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_gateway_is_the_same_wherever_it_is_started()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The processes of these tests are started by a shell.");
        var program = Directory.CreateDirectory(_folder.At("program")).FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory)) File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        foreach (var inner in (string[])["workflows", "runtimes"]) Directory.CreateSymbolicLink(Path.Combine(program, inner), Path.Combine(AppContext.BaseDirectory, inner));
        Directory.CreateDirectory(Path.Combine(program, "wwwroot"));
        File.Delete(Path.Combine(program, "appsettings.json"));
        _folder.Write("program/wwwroot/index.html", "the page");
        _folder.Write("program/appsettings.json", """{ "Gateway": { "Storage": { "Path": "kept/log.db" } } }""");
        var elsewhere = Directory.CreateDirectory(_folder.At("elsewhere")).FullName;

        await using var server = await ServerProcess.StartAsync(elsewhere, "", Path.Combine(program, "Gateway.dll"));

        Assert.Equal("the page", await server.Client.GetStringAsync("/", Token));
        Assert.True(File.Exists(Path.Combine(program, "kept", "log.db")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    private static async Task<bool> IsServedAsync(Socket socket, Uri address)
    {
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /health/live HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"), Token);
            if (await Wait.For(socket.ReceiveAsync(new byte[1024], Token).AsTask(), "an answer or the end of the connection") > 0) return true;
        }
        catch (SocketException)
        {
            // Refused.
        }

        socket.Dispose();
        return false;
    }

    private static async Task<HttpResponseMessage> GetUntilServedAsync(ServerProcess server, string path)
    {
        while (true)
        {
            try
            {
                return await server.Client.GetAsync(path, Token);
            }
            catch (HttpRequestException) when (!server.HasExited)
            {
                // The descriptors of the connections that were closed are on their way back.
                await Task.Yield();
            }
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
