using System.Text.Json;
using Gateway.Tests.Client.TypeScript;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.AgUi;

/// <summary>The official client of AG-UI, which enforces the rules, in a process of Node.js; tests are skipped where it cannot be had.</summary>
internal static class AgUiClient
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "clients", "agui");

    /// <summary>Goes through threads side by side, each step by step; what the client knows after each step.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<JsonElement>>> DriveAsync(string url, params (string ThreadId, object[] Steps)[] threads)
    {
        Assert.SkipWhen(!NodeLibrary.HasNode, "There is no Node.js on this machine: install it to run the tests of AG-UI.");
        Assert.SkipWhen(!Directory.Exists(Path.Combine(s_folder, "node_modules", "@ag-ui", "client")), "The client of AG-UI is not installed: run 'npm ci' in clients/agui.");
        var input = JsonSerializer.Serialize(new { url, threads = threads.Select(thread => new { threadId = thread.ThreadId, steps = thread.Steps }) });
        var (exit, output) = await NodeLibrary.RunAsync(["drive.mjs"], input, folder: s_folder, limit: TimeSpan.FromMinutes(2));
        Assert.True(exit == 0, output);
        return [.. JsonElement.Parse(output).EnumerateArray().Select(seen => (IReadOnlyList<JsonElement>)[.. seen.EnumerateArray()])];
    }

    /// <summary>As the other, with one thread.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DriveAsync(string url, string threadId, params object[] steps) => (await DriveAsync(url, (threadId, steps)))[0];

    /// <summary>A member of what a client has seen, as text; null when it is not there.</summary>
    public static string? Text(this JsonElement seen, string name) => seen.TryGetProperty(name, out var value) ? value.ToString() : null;

    /// <summary>What is said in the messages of a role, in order.</summary>
    public static IReadOnlyList<string> Said(this JsonElement seen, string role) =>
        [.. seen.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() == role && message.TryGetProperty("content", out _)).Select(message => message.GetProperty("content").GetString()!)];

    /// <summary>The kinds of events that a client has seen.</summary>
    public static IReadOnlyList<string> Events(this JsonElement seen) => [.. seen.GetProperty("events").EnumerateArray().Select(type => type.GetString()!)];

    /// <summary>The messages by their ids, as JSON; equal however they came.</summary>
    public static SortedDictionary<string, string> Messages(this JsonElement seen) =>
        new(seen.GetProperty("messages").EnumerateArray().ToDictionary(message => message.GetProperty("id").GetString()!, Canonical), StringComparer.Ordinal);

    /// <summary>A message as text, whatever the order of its members, and without those that are empty.</summary>
    public static string Canonical(JsonElement message) => string.Join(' ', message.EnumerateObject()
        .Where(member => member.Value.ToString() is not ("" or "[]"))
        .OrderBy(member => member.Name, StringComparer.Ordinal)
        .Select(member => $"{member.Name}={member.Value.GetRawText()}"));
}
