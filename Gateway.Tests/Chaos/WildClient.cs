using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Gateway.Tests.Chaos;

/// <summary>A client that does one thing after another, of any kind, until its time is over.</summary>
/// <remarks>It may be refused everything; what it must never see is a status that says that the gateway is at a loss.</remarks>
internal sealed class WildClient(Uri gateway, HttpClient http, int number, int seed, List<string> watched, CancellationToken timeIsOver)
{
    private static readonly HttpStatusCode[] AtALoss = [HttpStatusCode.InternalServerError, HttpStatusCode.NotImplemented, HttpStatusCode.BadGateway, HttpStatusCode.GatewayTimeout];

    private readonly Random _random = new(seed);
    private readonly List<string> _own = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>What it did, by name.</summary>
    public Dictionary<string, int> Done { get; } = [];

    /// <summary>The statuses that it was answered with.</summary>
    public Dictionary<int, int> Statuses { get; } = [];

    /// <summary>Answers that no client should get.</summary>
    public List<string> Faults { get; } = [];

    public async Task RunAsync()
    {
        (string Name, int Weight, Func<Task> Do)[] deeds =
        [
            ("start", 20, StartAsync), ("huge start", 1, HugeStartAsync), ("command", 20, CommandAsync), ("huge input", 1, HugeInputAsync),
            ("snapshots", 8, SnapshotsAsync), ("snapshot socket", 6, () => WatchAsync("&snapshot=true")), ("watch", 6, () => WatchAsync("")), ("watch all", 3, WatchAllAsync),
            ("slow reader", 3, SlowReaderAsync), ("hostile frames", 10, HostileFramesAsync), ("half a head", 4, HalfAHeadAsync), ("half a body", 2, HalfABodyAsync), ("hub", 6, HubAsync), ("huge call", 2, HugeCallAsync),
            ("pages", 6, PagesAsync), ("delete", 4, DeleteAsync),
        ];
        while (!timeIsOver.IsCancellationRequested)
        {
            var at = _random.Next(deeds.Sum(deed => deed.Weight));
            var deed = deeds.First(deed => (at -= deed.Weight) < 0);
            Done[deed.Name] = Done.GetValueOrDefault(deed.Name) + 1;
            try
            {
                await deed.Do();
                await Task.Delay(_random.Next(100, 500), timeIsOver);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or WebSocketException or SocketException or IOException or ObjectDisposedException)
            {
                // A wild client is dropped now and then, and drops itself.
            }
        }
    }

    private async Task StartAsync()
    {
        var id = $"wild-{number}-{_own.Count}";
        if (await PostAsync("api/v1/sessions", WildDefinitions.Start(id, _random))) _own.Add(id);
    }

    private async Task HugeStartAsync()
    {
        var id = $"wild-{number}-{_own.Count}";
        if (await PostAsync("api/v1/sessions", $$"""{"session_id":"{{id}}","workflow_id":"reviewed-draft","subject":"{{new string('z', _random.Next(1_000_000, 2_000_000))}}"}""")) _own.Add(id);
    }

    private async Task CommandAsync()
    {
        if (Own() is not { } id) return;
        switch (_random.Next(4))
        {
            case 0:
                await PostAsync($"api/v1/sessions/{id}/pause", "{}");
                break;
            case 1:
                await PostAsync($"api/v1/sessions/{id}/resume", "{}");
                break;
            case 2:
                await PostAsync($"api/v1/sessions/{id}/cancel", "{}");
                break;
            default:
                await PostAsync($"api/v1/sessions/{id}/input", """{"content":"And what about the rest?"}""");
                break;
        }
    }

    private async Task HugeInputAsync()
    {
        if (Own() is { } id) await PostAsync($"api/v1/sessions/{id}/input", $$"""{"content":"{{new string('w', _random.Next(500_000, 1_500_000))}}"}""");
    }

    // As many at once as a page of browsers after a restart.
    private Task SnapshotsAsync() => Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync($"api/v1/sessions/{Any()}")));

    private async Task PagesAsync()
    {
        await GetAsync($"api/v1/sessions?limit={_random.Next(1, 200)}");
        await GetAsync($"api/v1/sessions/{Any()}/events?limit={_random.Next(1, 1000)}");
    }

    private async Task DeleteAsync()
    {
        if (Own() is not { } id) return;
        using var answer = await http.DeleteAsync(new Uri(gateway, $"api/v1/sessions/{id}"), timeIsOver);
        Check(answer, "DELETE");
    }

    private async Task WatchAsync(string options)
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        await connection.SendAsync(RawConnection.Upgrade($"/ws?session_id={Any()}{options}"));
        await ReadAsync(connection, _random.Next(50, 1000));
        if (_random.Next(2) == 0) connection.Reset();
    }

    private async Task WatchAllAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        await connection.SendAsync(RawConnection.Upgrade("/ws"));
        await ReadAsync(connection, _random.Next(50, 1000));
        connection.Reset();
    }

    // Some kilobytes a second from a reader with the smallest buffer there is.
    private async Task SlowReaderAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway, receiveBuffer: 4096);
        await connection.SendAsync(_random.Next(2) == 0
            ? RawConnection.Upgrade($"/ws?session_id={Any()}")
            : $"GET /api/v1/sessions/{Any()}/events?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (var i = 0; i < 30; i++)
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(timeIsOver);
            soon.CancelAfter(100);
            try
            {
                if (await connection.ReadAsync(_buffer.AsMemory(0, 400), soon.Token) == 0) return;
            }
            catch (OperationCanceledException) when (!timeIsOver.IsCancellationRequested)
            {
                continue;
            }

            await Task.Delay(100, timeIsOver);
        }
    }

    private async Task HostileFramesAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        await connection.SendAsync(RawConnection.Upgrade(_random.Next(2) == 0 ? "/ws" : $"/ws?session_id={Any()}"));
        for (var i = _random.Next(1, 30); i > 0; i--)
        {
            await connection.SendFrameAsync(_random.Next(12) == 0 ? _random.Next(16) : 1, Payload(), final: _random.Next(10) > 0);
        }

        await ReadAsync(connection, _random.Next(200));
        if (_random.Next(2) == 0) connection.Reset();
    }

    private byte[] Payload()
    {
        switch (_random.Next(8))
        {
            case 0:
                var bytes = new byte[_random.Next(2000)];
                _random.NextBytes(bytes);
                return bytes;
            case 1:
                return Encoding.UTF8.GetBytes(new string('[', 30_000));
            case 2:
                return new byte[70_000];
            case 3:
                return Encoding.UTF8.GetBytes($$$"""{"cmd":"start_session","data":{{{WildDefinitions.Start($"frame-{number}-{_random.Next()}", _random)}}}}""");
            case 4:
                return Encoding.UTF8.GetBytes($$$"""{"cmd":"subscribe","id":"s","data":{"session_id":"{{{Any()}}}","snapshot":true}}""");
            case 5:
                return Encoding.UTF8.GetBytes($$"""{"cmd":"{{new string('q', _random.Next(5000))}}"}""");
            case 6:
                return """{"cmd":"user_input","data":{"content":"\ud800","session_id":"x"}}"""u8.ToArray();
            default:
                return """{"cmd":"ping"}"""u8.ToArray();
        }
    }

    private async Task HalfAHeadAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        var head = RawConnection.Upgrade("/ws");
        await connection.SendAsync(head[.._random.Next(1, head.Length)]);
        await ReadAsync(connection, _random.Next(1000));
    }

    // A body that is announced as large and comes in part, or very slowly.
    private async Task HalfABodyAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        var length = _random.Next(100_000, 2_000_000);
        await connection.SendAsync($"POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{\"subject\":\"");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(timeIsOver);
        enough.CancelAfter(_random.Next(3000));
        for (var sent = 0; sent < length / 2 && !enough.IsCancellationRequested; sent += 20_000) await connection.SendAsync(new string('h', 20_000));
        await ReadAsync(connection, _random.Next(3000));
        if (_random.Next(2) == 0) connection.Reset();
    }

    // On the hub, in many frames; half of them never end.
    private async Task HugeCallAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        await connection.SendAsync(RawConnection.Upgrade("/hub"));
        await connection.SendFrameAsync(1, "{\"protocol\":\"json\",\"version\":1}\u001e"u8);
        var call = Encoding.UTF8.GetBytes($$"""{"type":1,"invocationId":"1","target":"StartSession","arguments":[{"session_id":"call-{{number}}-{{_random.Next()}}","workflow_id":"reviewed-draft","subject":"{{new string('c', _random.Next(100_000, 2_000_000))}}"}]}""" + '\u001e');
        var end = _random.Next(2) == 0 ? call.Length : _random.Next(call.Length);
        for (var sent = 0; sent < end; sent += 30_000) await connection.SendFrameAsync(1, call.AsSpan(sent, Math.Min(30_000, end - sent)));
        await ReadAsync(connection, _random.Next(3000));
        if (_random.Next(2) == 0) connection.Reset();
    }

    private async Task HubAsync()
    {
        using var connection = await RawConnection.OpenAsync(gateway);
        await connection.SendAsync(RawConnection.Upgrade("/hub"));
        await connection.SendFrameAsync(1, "{\"protocol\":\"json\",\"version\":1}\u001e"u8);
        for (var i = _random.Next(1, 20); i > 0; i--)
        {
            var text = _random.Next(5) switch
            {
                0 => $$"""{"type":1,"invocationId":"{{i}}","target":"SubscribeSnapshot","arguments":["{{Any()}}"]}""",
                1 => $$"""{"type":1,"invocationId":"{{i}}","target":"Subscribe","arguments":["{{Any()}}",0]}""",
                2 => """{"type":1,"target":"Nothing","arguments":[[[[]]]]}""",
                3 => """{"type":4,"streamIds":["a"]""",
                _ => """{"type":6}""",
            };
            await connection.SendFrameAsync(1, Encoding.UTF8.GetBytes(text + '\u001e'));
        }

        await ReadAsync(connection, _random.Next(500));
        if (_random.Next(2) == 0) connection.Reset();
    }

    private async Task ReadAsync(RawConnection connection, int milliseconds)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(timeIsOver);
        enough.CancelAfter(milliseconds);
        try
        {
            while (await connection.ReadAsync(_buffer, enough.Token) > 0)
            {
                // It wants nothing of it.
            }
        }
        catch (OperationCanceledException)
        {
            // That was enough.
        }
    }

    private async Task<bool> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(gateway, path), content, timeIsOver);
        Check(answer, "POST");
        return answer.IsSuccessStatusCode;
    }

    private async Task GetAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri(gateway, path), HttpCompletionOption.ResponseHeadersRead, timeIsOver);
        Check(answer, "GET");
        await answer.Content.CopyToAsync(Stream.Null, timeIsOver);
    }

    private void Check(HttpResponseMessage answer, string method)
    {
        // One deed asks for many snapshots at once.
        lock (Statuses)
        {
            Statuses[(int)answer.StatusCode] = Statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
        }

        if (AtALoss.Contains(answer.StatusCode)) Faults.Add($"{method} {answer.RequestMessage!.RequestUri!.PathAndQuery}: {(int)answer.StatusCode}");
    }

    private string? Own() => _own.Count == 0 ? null : _own[_random.Next(_own.Count)];

    // A session of its own, or one that is none of its business.
    private string Any()
    {
        if (_random.Next(2) == 0 && Own() is { } own) return own;
        lock (watched) return watched.Count == 0 ? "none" : watched[_random.Next(watched.Count)];
    }
}
