using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client that commands over HTTP and watches Server-Sent Events.</summary>
public sealed class HttpDoor : IDoorKind
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _left = new();
    private IAsyncEnumerator<SseItem<JsonElement>>? _events;

    private HttpDoor(GatewayFixture gateway) => _http = gateway.CreateClient();

    public static Task<IDoor> ConnectAsync(GatewayFixture gateway) => Task.FromResult<IDoor>(new HttpDoor(gateway));

    public static async Task<IDoor> WatchAsync(GatewayFixture gateway, string sessionId, long afterSeq = 0)
    {
        var door = new HttpDoor(gateway);
        await door.OpenAsync(sessionId, afterSeq);
        return door;
    }

    public async Task<long> StartAsync(StartSession start)
    {
        var seq = await PostAsync("/api/v1/sessions", JsonContent.Create(start, ContractsJson.Wire.StartSession));
        if (_events is null) await OpenAsync(start.SessionId!, 0);
        return seq;
    }

    public Task<long> PauseAsync(string sessionId) => PostAsync($"/api/v1/sessions/{sessionId}/pause", null);

    public Task<long> ResumeAsync(string sessionId) => PostAsync($"/api/v1/sessions/{sessionId}/resume", null);

    public Task<long> CancelAsync(string sessionId) => PostAsync($"/api/v1/sessions/{sessionId}/cancel", null);

    public Task<long> SayAsync(string sessionId, UserInput input) => PostAsync($"/api/v1/sessions/{sessionId}/input", JsonContent.Create(input, ContractsJson.Wire.UserInput));

    public async Task<Frame> NextAsync()
    {
        if (!await Wait.For(_events!.MoveNextAsync().AsTask(), "an event of the stream")) throw new InvalidOperationException("The stream has ended.");
        return new Frame(_events.Current.Data);
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        _http.Dispose();
        _left.Dispose();
    }

    private async Task OpenAsync(string sessionId, long afterSeq)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions/{sessionId}/events?after_seq={afterSeq}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await Wait.For(_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _left.Token), "the event stream");
        response.EnsureSuccessStatusCode();
        _events = SseParser.Create(await response.Content.ReadAsStreamAsync(), (_, data) => JsonSerializer.Deserialize<JsonElement>(data)).EnumerateAsync(_left.Token).GetAsyncEnumerator();
    }

    private async Task<long> PostAsync(string path, HttpContent? body)
    {
        using var response = await Wait.For(_http.PostAsync(new Uri(path, UriKind.Relative), body), path);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode ? answer.GetProperty("seq").GetInt64() : throw new RefusedException(answer.GetProperty("code").GetString()!);
    }
}
