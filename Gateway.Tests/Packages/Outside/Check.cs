// A test as people write it for a program of their own that embeds the gateway; it is compiled outside this repository, with the package.
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Check;

internal static class Check
{
    private static async Task<int> Main()
    {
        var data = Directory.CreateTempSubdirectory("embedded-").FullName;
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseSetting("Gateway:Storage:Path", Path.Combine(data, "log.db"))
            .UseSetting("Gateway:Models:scripted:Provider", "scripted")
            .UseSetting("Gateway:Models:scripted:TokensPerSecond", "0"));
        var address = factory.ClientOptions.BaseAddress;
        using var stranger = factory.CreateClient(new() { AllowAutoRedirect = false });

        Expect("the program's own address answers, in its own JSON", """{"hello":"My own page"}""" == await stranger.GetStringAsync("/"));
        Expect("the probe is open", (await stranger.GetAsync("/agents/health/ready")).StatusCode == HttpStatusCode.OK);
        foreach (var path in (string[])["/agents/api/v1/workflows", "/agents/", "/agents/openapi/v1.json", "/agents/ws"])
        {
            Expect($"a stranger is refused at {path}", (await stranger.GetAsync(path)).StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Redirect);
        }

        Expect("the gateway is nowhere else", (await stranger.GetAsync("/api/v1/workflows")).StatusCode == HttpStatusCode.NotFound);

        using var http = factory.CreateClient(new() { AllowAutoRedirect = false });
        (await http.PostAsync("/login", null)).EnsureSuccessStatusCode();
        Expect("the page is there", (await http.GetStringAsync("/agents/")).Contains("<html", StringComparison.OrdinalIgnoreCase));
        Expect("and so are its files", (await http.GetStringAsync("/agents/app.js")).Length > 0);
        var workflows = await http.GetFromJsonAsync<JsonElement>("/agents/api/v1/workflows");
        Expect("the workflows came along", workflows.GetProperty("workflows").EnumerateArray().Any(workflow => workflow.GetProperty("id").GetString() == "council-debate"));

        var start = new { workflow_id = "council-debate", subject = "Should cities ban cars?", session_id = "first" };
        Expect("a session starts", (await http.PostAsJsonAsync("/agents/api/v1/sessions", start)).StatusCode == HttpStatusCode.Created);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/agents/api/v1/sessions/first/events");
        request.Headers.Add("Accept", "text/event-stream");
        using var stream = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Expect("its events arrive, to the last", (await stream.Content.ReadAsStringAsync()).Contains("execution:completed", StringComparison.Ordinal));

        var sockets = factory.Server.CreateWebSocketClient();
        sockets.ConfigureRequest = upgrade => upgrade.Headers.Cookie = factory.Server.CreateRequest("/login").PostAsync().Result.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        using var socket = await sockets.ConnectAsync(new Uri(address, "/agents/ws?session_id=first"), CancellationToken.None);
        var frame = await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        Expect("so they do over a WebSocket", frame.MessageType == WebSocketMessageType.Text);
        Expect("the log is a file", File.Exists(Path.Combine(data, "log.db")));
        Console.WriteLine("done");
        return 0;
    }

    private static void Expect(string what, bool holds)
    {
        Console.WriteLine($"{(holds ? "ok" : "NOT")}: {what}");
        if (!holds) Environment.Exit(1);
    }
}
