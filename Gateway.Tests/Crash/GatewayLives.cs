using System.Net.WebSockets;
using Gateway.Tests.Crash.Child;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Crash;

/// <summary>One gateway's processes, one after another on the same data, and the ways to reach whichever is alive.</summary>
internal sealed class GatewayLives : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<GatewayProcess> _processes = [];
    private readonly List<TaskCompletionSource<GatewayProcess>> _lives = [];
    private readonly TempFolder _folder = new();

    public string Folder => _folder.Path;

    /// <summary>The file that models note their calls in.</summary>
    public string LedgerFile => _folder.At("calls.txt");

    /// <summary>The process of the moment.</summary>
    public GatewayProcess? Current { get; private set; }

    /// <summary>Starts the next process; the one before has ended.</summary>
    public GatewayProcess Start(CrashPoint? crash)
    {
        var life = _processes.Count + 1;
        Current = new GatewayProcess(Folder, new ChildSettings(life, LedgerFile, crash?.Moment == CrashMoment.Seen ? null : crash));
        _processes.Add(Current);
        Life(life).SetResult(Current);
        return Current;
    }

    /// <summary>The first process after <paramref name="life"/> that listens, as soon as it does.</summary>
    public async Task<(GatewayProcess Process, Uri Address)> NextAsync(int life)
    {
        while (true)
        {
            var process = await Life(++life).Task;
            if (await process.Ready is { } address) return (process, address);
        }
    }

    /// <summary>Connects a WebSocket to the first process after <paramref name="life"/> that takes it.</summary>
    public async Task<(GatewayProcess Process, WebSocket Socket)> ConnectAsync(int life, string pathAndQuery)
    {
        while (true)
        {
            var (process, address) = await NextAsync(life);
            var socket = new ClientWebSocket();
            try
            {
                await socket.ConnectAsync(new UriBuilder(new Uri(address, pathAndQuery)) { Scheme = "ws" }.Uri, CancellationToken.None);
                return (process, socket);
            }
            catch (WebSocketException)
            {
                // Only a process that is being killed refuses: the next one is asked when this one is gone.
                socket.Dispose();
                await process.Exited;
                life = process.Life;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Dispose();
    }

    private TaskCompletionSource<GatewayProcess> Life(int life)
    {
        lock (_gate)
        {
            while (_lives.Count < life) _lives.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _lives[life - 1];
        }
    }
}
