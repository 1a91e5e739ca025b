using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Tools.Mcp;

/// <summary>Starts an MCP server as a program and speaks with it over its standard input and output.</summary>
/// <remarks>The package's own way reads lines of any length, on both outputs.</remarks>
/// <param name="name">The server's name.</param>
/// <param name="options">What is started.</param>
/// <param name="hear">Takes a line of its standard error.</param>
/// <param name="goodbye">How long it may take to end by itself.</param>
internal sealed class McpProcess(string name, McpServerOptions options, Action<string> hear, TimeSpan goodbye) : IClientTransport
{
    private const int MaxErrorLine = 4096;
    private const string Shell = "cmd.exe";

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var process = Start();
        var errors = HearAsync(process.StandardError);
        try
        {
            var inner = new StreamClientTransport(process.StandardInput.BaseStream, new BoundedMessages(process.StandardOutput.BaseStream, MessageEnd.Line));
            return new Link(await inner.ConnectAsync(cancellationToken), process, errors, goodbye);
        }
        catch
        {
            await EndAsync(process, errors, TimeSpan.Zero);
            throw;
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo
        {
            FileName = options.Command!,
            WorkingDirectory = options.WorkingDirectory ?? Environment.CurrentDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardErrorEncoding = Encoding.UTF8,
        };

        // Most servers on Windows are scripts, which only its shell can start.
        if (OperatingSystem.IsWindows() && !Path.GetFileNameWithoutExtension(start.FileName).Equals("cmd", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add("/c");
            start.ArgumentList.Add(start.FileName);
            start.FileName = Shell;
        }

        foreach (var argument in options.Arguments) start.ArgumentList.Add(start.FileName == Shell ? ForShell(argument) : argument);
        foreach (var (variable, value) in McpEnvironment.For(options)) start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    // What has no blank stands there without quotes, and the shell would read these.
    private static string ForShell(string argument) =>
        argument.Any(char.IsWhiteSpace) ? argument : string.Concat(argument.Select(c => c is '&' or '^' or '<' or '>' or '|' ? $"^{c}" : $"{c}"));

    private async Task HearAsync(StreamReader reader)
    {
        var buffer = new char[MaxErrorLine];
        var line = new StringBuilder();
        while (await ReadAsync(reader, buffer) is var read and > 0)
        {
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (c == '\n')
                {
                    hear(line.ToString());
                    line.Clear();
                }
                else if (line.Length < MaxErrorLine)
                {
                    line.Append(c);
                }
            }
        }

        hear(line.ToString());
    }

    private static async Task<int> ReadAsync(StreamReader reader, char[] buffer)
    {
        try
        {
            return await reader.ReadAsync(buffer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static async Task EndAsync(Process process, Task errors, TimeSpan patience)
    {
        try
        {
            // The end of its input tells it to leave.
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }
        finally
        {
            // A program that it has started may hold its outputs open.
            await Task.WhenAny(errors, Task.Delay(TimeSpan.FromMilliseconds(200)));
            process.Dispose();
        }
    }

    private sealed class Link(ITransport inner, Process process, Task errors, TimeSpan goodbye) : ITransport
    {
        private int _ended;

        public string? SessionId => inner.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => inner.MessageReader;

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => inner.SendMessageAsync(message, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0) return;
            try
            {
                await EndAsync(process, errors, goodbye);
            }
            finally
            {
                await inner.DisposeAsync();
            }
        }
    }
}
