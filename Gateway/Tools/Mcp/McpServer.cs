using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Tools.Mcp;

/// <summary>One MCP server: started when it is first needed, and again after it has ended.</summary>
/// <remarks>
/// A call that was under way when the server ended has failed, since nobody knows how far it came; it is not made again by itself. After a
/// start that failed, whoever comes within the next seconds is told the same, so that many agents do not start a broken program again and again.
/// </remarks>
internal sealed partial class McpServer(string name, McpServerOptions options, TimeSpan longestCall, TimeProvider time, ILogger<McpServer> logger) : IToolServer, IAsyncDisposable
{
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly McpWords _words = new(options);
    private readonly List<Task> _leaving = [];
    private Task<Connection>? _connecting;
    private IReadOnlyCollection<string>? _knownNames;
    private ToolException? _failure;
    private long _failedAt;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string? Approval => options.Approval;

    /// <inheritdoc/>
    public TimeSpan? Timeout => options.Timeout;

    /// <inheritdoc/>
    public IReadOnlyCollection<string>? KnownNames => Volatile.Read(ref _knownNames) ?? (options.Tools.Length > 0 ? [.. options.Tools.Select(tool => NameOf(tool))] : null);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AIFunctionDeclaration>> ListAsync(CancellationToken cancellationToken) => (await ConnectAsync(cancellationToken)).Tools.Declarations;

    /// <inheritdoc/>
    public async Task<string> CallAsync(ToolInvocation call, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        var began = time.GetTimestamp();
        var names = connection.Tools.Names;
        if (!names.TryGetValue(call.Name, out var tool)) throw new ToolException(ErrorCode.ToolUnavailable, $"There is no tool '{call.Name}'; there are {string.Join(", ", names.Keys.DefaultIfEmpty("none"))}.");
        try
        {
            var result = await connection.Client.CallToolAsync(
                new CallToolRequestParams
                {
                    Name = tool,
                    Arguments = ToolArguments.Of(call.Arguments, value => value),
                    Meta = new JsonObject { ["gateway/idempotency_key"] = call.Context.IdempotencyKey },
                },
                cancellationToken);
            var text = McpResult.Text(result);
            return result.IsError == true ? throw new ToolException(text.Length > 0 ? text : $"The tool '{call.Name}' failed and did not say why.") : text;
        }
        catch (ToolException)
        {
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (options.Url is null && time.GetElapsedTime(began) >= longestCall && connection.BeginCheck()) _ = CheckAsync(connection);
            throw;
        }
        catch (McpProtocolException exception)
        {
            // The server's own words about a request that it refuses.
            throw new ToolException(ErrorCode.ToolFailed, $"The tool '{call.Name}' refuses the call: {_words.Redact(exception.Message)}", exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The calls of other sessions go over the same connection: it is left only when it has ended, or its pipe takes nothing more.
            if (connection.Client.Completion.IsCompleted || (options.Url is null && exception is IOException or ObjectDisposedException)) Forget(connection);
            LogCallFailed(name, call.Name, _words.Reason(exception));
            throw new ToolException(ErrorCode.ToolFailed, $"MCP server '{name}' failed in a call of '{tool}', and whether that was done is not known.{_words.Last()}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<Connection>? connecting;
        lock (_gate)
        {
            connecting = _connecting;
            _connecting = null;
        }

        await _stop.CancelAsync();
        Task[] leaving;
        lock (_gate) leaving = [.. _leaving];
        await Task.WhenAll(leaving);
        if (connecting is null) return;
        try
        {
            await (await connecting).Client.DisposeAsync();
        }
        catch (Exception)
        {
            // It never ran, or it does not say goodbye; either way nothing of it is left.
        }
    }

    private static string NameOf(string server, string tool)
    {
        var clean = string.Concat(tool.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return ToolName.Of(server, clean);
    }

    private string NameOf(string tool) => NameOf(name, tool);

    // One start serves all who wait for it, and goes on when one of them does not wait any longer.
    private Task<Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_connecting is { IsCompletedSuccessfully: true, Result: var connection } && connection.Client.Completion.IsCompleted)
            {
                LogEnded(name, _words.Last());
                ForgetLocked(connection);
            }

            if (_connecting is null && _failure is { } failure && time.GetElapsedTime(_failedAt) < RestAfterFailure) throw new ToolException(failure.Code, failure.Message, failure);
            return (_connecting ??= Task.Run(StartAsync)).WaitAsync(cancellationToken);
        }
    }

    private async Task<Connection> StartAsync()
    {
        using var late = new CancellationTokenSource(options.StartTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        McpClient? client = null;
        try
        {
            _words.Clear();
            client = await McpClient.CreateAsync(Transport(), new McpClientOptions { InitializationTimeout = options.StartTimeout }, loggerFactory: null, stop.Token);
            var tools = Read(await client.ListToolsAsync(cancellationToken: stop.Token));
            LogStarted(name, tools.Declarations.Count);
            var connection = new Connection(client, tools);
            client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
            {
                if (connection.BeginRefresh()) _ = RefreshAsync(connection);
                return ValueTask.CompletedTask;
            });
            Volatile.Write(ref _knownNames, [.. tools.Names.Keys]);
            return connection;
        }
        catch (Exception exception)
        {
            if (client is not null) await client.DisposeAsync();
            var reason = late.IsCancellationRequested ? $"it did not answer within {options.StartTimeout.TotalSeconds:0.###} seconds." : _words.Reason(exception);
            var failure = new ToolException(ErrorCode.ToolUnavailable, $"MCP server '{name}' cannot be used: {reason}{_words.Last()}", exception);
            if (!_stop.IsCancellationRequested) LogCannotStart(name, reason + _words.Last());
            lock (_gate)
            {
                _connecting = null;
                _failure = failure;
                _failedAt = time.GetTimestamp();
            }

            throw failure;
        }
    }

    // A program that hangs would let every later call run out of time. One that works for long answers a ping beside it, or, where
    // it does one thing at a time, once it is done.
    private async Task CheckAsync(Connection connection)
    {
        try
        {
            using var late = new CancellationTokenSource(longestCall, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
            await connection.Client.PingAsync(cancellationToken: stop.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            LogHangs(name);
            Forget(connection);
        }
        catch (Exception)
        {
            // It has ended, or it knows no ping: either way it answers.
        }
        finally
        {
            connection.EndCheck();
        }
    }

    // The calls under way go on: it is the same server, with other tools.
    private async Task RefreshAsync(Connection connection)
    {
        do
        {
            try
            {
                using var late = new CancellationTokenSource(options.StartTimeout, time);
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
                connection.Tools = Read(await connection.Client.ListToolsAsync(cancellationToken: stop.Token));
                Volatile.Write(ref _knownNames, [.. connection.Tools.Names.Keys]);
            }
            catch (Exception exception)
            {
                if (!_stop.IsCancellationRequested) LogKeptTools(name, _words.Reason(exception));
            }
        }
        while (!connection.EndRefresh());
    }

    private IClientTransport Transport()
    {
        if (options.Url is not { } url || string.IsNullOrWhiteSpace(url)) return new McpProcess(name, options, _words.Add, LongestGoodbye);
        var http = new HttpClientTransportOptions { Endpoint = new Uri(url.Trim()), Name = name, AdditionalHeaders = options.Headers, ConnectionTimeout = options.StartTimeout };
        return new HttpClientTransport(http, new HttpClient(new BoundedAnswers()) { Timeout = System.Threading.Timeout.InfiniteTimeSpan }, ownsHttpClient: true);
    }

    private OfferedTools Read(IEnumerable<McpClientTool> tools)
    {
        var declarations = new List<AIFunctionDeclaration>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tool in tools.Select(tool => tool.ProtocolTool))
        {
            var full = NameOf(tool.Name);
            if (options.Tools.Length > 0 && !options.Tools.Contains(tool.Name)) continue;
            if (!IdForm.Matches(full)) LogLeftOut(tool.Name, name, "with the server's name it is longer than 64 characters");
            else if (!names.TryAdd(full, tool.Name)) LogLeftOut(tool.Name, name, $"'{names[full]}' has the same name for agents");
            else declarations.Add(AIFunctionFactory.CreateDeclaration(full, tool.Description ?? tool.Title ?? tool.Name, tool.InputSchema));
        }

        foreach (var missing in options.Tools.Where(tool => !names.ContainsValue(tool))) LogLeftOut(missing, name, "the server does not have it");
        return new OfferedTools(declarations, names);
    }

    private void Forget(Connection connection)
    {
        lock (_gate) ForgetLocked(connection);
    }

    private void ForgetLocked(Connection connection)
    {
        if (_connecting is not { IsCompletedSuccessfully: true, Result: var current } || current != connection) return;
        _connecting = null;
        _leaving.RemoveAll(task => task.IsCompleted);
        _leaving.Add(LeaveAsync(connection.Client));
    }

    private static async Task LeaveAsync(McpClient client)
    {
        try
        {
            await client.DisposeAsync();
        }
        catch (Exception)
        {
            // It has ended already.
        }
    }

    private sealed record OfferedTools(IReadOnlyList<AIFunctionDeclaration> Declarations, IReadOnlyDictionary<string, string> Names);

    private sealed class Connection(McpClient client, OfferedTools tools)
    {
        private readonly Lock _gate = new();
        private OfferedTools _tools = tools;
        private bool _refreshing;
        private bool _outdated;
        private int _checks;

        public McpClient Client => client;

        public OfferedTools Tools
        {
            get => Volatile.Read(ref _tools);
            set => Volatile.Write(ref _tools, value);
        }

        /// <summary>Whether it is to be asked for a sign of life; one question at a time is enough.</summary>
        public bool BeginCheck() => Interlocked.Exchange(ref _checks, 1) == 0;

        /// <summary>It has been asked.</summary>
        public void EndCheck() => Volatile.Write(ref _checks, 0);

        /// <summary>Whether the list is to be read; one that is being read is read once more, however often a change is told meanwhile.</summary>
        public bool BeginRefresh()
        {
            lock (_gate)
            {
                if (_refreshing) _outdated = true;
                return !_outdated && (_refreshing = true);
            }
        }

        /// <summary>Whether the list that was read is the last one told of.</summary>
        public bool EndRefresh()
        {
            lock (_gate)
            {
                _refreshing = _outdated;
                _outdated = false;
                return !_refreshing;
            }
        }
    }
}
