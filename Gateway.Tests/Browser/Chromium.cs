using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Browser;

/// <summary>A headless Chromium, steered by the DevTools protocol over its pipe: it ends with the tests, however they end.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly Task _reading;
    private int _lastId;

    private Chromium(string program)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");

        // The pipe of the protocol is the third and the fourth file, as Chromium wants them.
        start.ArgumentList.Add("exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >&2");
        string[] arguments =
        [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={_folder.Path}", "--remote-debugging-pipe", "about:blank",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    /// <summary>Starts one; null where none is installed.</summary>
    public static Chromium? Start()
    {
        if (OperatingSystem.IsWindows()) return null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var program = folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        return program is null ? null : new Chromium(program);
    }

    /// <summary>Asks the browser, or one of its tabs, for something.</summary>
    public async Task<JsonElement> AskAsync(string method, JsonObject? parameters = null, string? tab = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (tab is not null) message["sessionId"] = tab;
        await _sending.WaitAsync();
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(message), 0]);
            await _process.StandardInput.BaseStream.FlushAsync();
        }
        finally
        {
            _sending.Release();
        }

        return await Wait.For(answer.Task, $"the browser's answer to {method}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        try
        {
            _folder.Dispose();
        }
        catch (IOException)
        {
            // A process of the browser was still writing there; the system's clean-up of temporary files takes the rest.
        }
    }

    private async Task ReadAsync()
    {
        var pipe = PipeReader.Create(_process.StandardOutput.BaseStream);
        while (true)
        {
            var read = await pipe.ReadAsync();
            var rest = read.Buffer;
            while (rest.PositionOf((byte)0) is { } end)
            {
                Take(JsonElement.Parse(rest.Slice(0, end).ToArray()));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            pipe.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) break;
        }

        foreach (var asked in _asked.Values) asked.TrySetException(new InvalidOperationException("The browser has ended."));
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id) || !_asked.TryRemove(id.GetInt32(), out var asked)) return;
        if (message.TryGetProperty("error", out var error)) asked.TrySetException(new InvalidOperationException(error.GetRawText()));
        else asked.TrySetResult(message.GetProperty("result"));
    }
}
