using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>The conformance kit, started as its users start it: one command, one process. It ends with this object.</summary>
/// <remarks>The seed of its faults is printed by each test; <c>GATEWAY_KIT_SEED</c> repeats a run.</remarks>
public sealed class KitProcess : IAsyncLifetime
{
    private const string Announcement = "conformance kit: ";

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_KIT_SEED"), out var given) ? given : Random.Shared.Next();
    private readonly HttpClient _http = new() { Timeout = Wait.Limit };
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The seed, for the message of a test that fails.</summary>
    public string Seed => $"GATEWAY_KIT_SEED={_seed}";

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Tool.DotNet)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Repository.ProgramOf("Gateway.Benchmarks"), "conformance", "--port", "0", "--seed", $"{_seed}", "--tokens-per-second", "600",
                "--Gateway:Limits:CommandsPerSecond=0",
            },
        };

        // A process that is killed leaves the pipes for its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        var words = new List<string>();
        while (await Wait.For(_process.StandardOutput.ReadLineAsync(), "the announcement of the kit") is { } line)
        {
            words.Add(line);
            if (!line.StartsWith(Announcement, StringComparison.Ordinal)) continue;
            Address = new Uri(line[Announcement.Length..].Split(' ')[0]);
            _reading = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
            return;
        }

        throw new InvalidOperationException($"The kit ended instead of listening:\n{string.Join('\n', words)}\n{await _process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Asks the kit which promises a recording breaks.</summary>
    public async Task<JsonElement> CheckAsync(string fault, string recording)
    {
        using var content = new StringContent(recording);
        using var answer = await _http.PostAsync(new Uri(Address, $"/kit/check?fault={fault}"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Fails with the kit's own words when a recording breaks a promise.</summary>
    public async Task AssertKeptAsync(string fault, string recording)
    {
        var verdict = await CheckAsync(fault, recording);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Seed}: {verdict}");
        Assert.True(verdict.GetProperty("ok").GetBoolean(), $"{Seed}\n{verdict}\n{recording}");
    }

    /// <summary>Gets a page of the kit, or of the gateway behind it.</summary>
    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(Address, path));

    /// <summary>The status of an answer.</summary>
    public async Task<(int Status, string Text)> StatusAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(Address, path));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is null) return;

        // As people stop it: it takes its gateway with it.
        if (!_process.HasExited) Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]).Dispose();
        await Wait.For(_process.WaitForExitAsync(), "the end of the kit");
        await _reading;
        _process.Dispose();
    }
}
