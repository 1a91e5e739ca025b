using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Client.TypeScript;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Contracts.AsyncApi;

/// <summary>The description of <c>/ws</c> and the hub, as AsyncAPI's own parser reads it.</summary>
public sealed class AsyncApiTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "docs", "asyncapi");
    private static readonly string s_document = Path.Combine(Repository.Root, "Gateway", "protocol", "asyncapi.json");

    [Fact]
    public async Task The_official_parser_finds_nothing_wrong_and_every_command_and_event()
    {
        var (exit, output) = await CheckAsync(s_document);

        Assert.True(exit == 0, output);
        var found = JsonElement.Parse(output);
        Assert.Equal("3.0.0", found.GetProperty("version").GetString());
        Assert.Equal([GatewayPath.WebSocket, GatewayPath.Hub], Texts(found, "channels"));
        Assert.Equal(
            ["ws_events", "ws_inbox", .. CommandTable.All.Select(command => $"ws_{command.Name}"), .. SessionEvents.All.Select(kind => $"hub_{kind.HubMethod}"), .. CommandTable.All.SelectMany(command => command.HubMethods).Select(method => $"hub_{method}"), "hub_WatchInbox", "hub_connection"],
            Texts(found, "operations"));
    }

    [Fact]
    public async Task It_does_find_what_is_wrong()
    {
        (string Right, string Wrong)[] slips =
        [
            ("\"action\": \"send\"", "\"action\": \"publish\""),
            ("#/components/schemas/Totals", "#/components/schemas/Sums"),
            ("#/channels/ws/messages/PongFrame", "#/channels/ws/messages/Pong"),
            ("\"address\": \"/ws\"", "\"adress\": \"/ws\""),
        ];
        using var folder = new TempFolder();
        var document = await File.ReadAllTextAsync(s_document, TestContext.Current.CancellationToken);
        foreach (var (i, slip) in slips.Index())
        {
            Assert.Contains(slip.Right, document, StringComparison.Ordinal);
            await File.WriteAllTextAsync(folder.At($"{i}.json"), document.Replace(slip.Right, slip.Wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }

        var (exit, output) = await CheckAsync([.. slips.Select((_, i) => folder.At($"{i}.json"))]);

        // Each is found by itself: a line begins with the file that it is about.
        Assert.NotEqual(0, exit);
        Assert.All(slips.Index(), slip => Assert.Contains($"{slip.Index}.json: ", output, StringComparison.Ordinal));
    }

    // The parser is slow, and a machine may have other things to do: one process for all, and time for it.
    private static async Task<(int Exit, string Output)> CheckAsync(params string[] documents)
    {
        Assert.SkipWhen(!NodeLibrary.HasNode, "There is no Node.js on this machine: install it to check the AsyncAPI document.");
        Assert.SkipWhen(!Directory.Exists(Path.Combine(s_folder, "node_modules", "@asyncapi", "parser")), "AsyncAPI's parser is not installed: run 'npm ci' in docs/asyncapi.");
        return await NodeLibrary.RunAsync(["check.mjs", .. documents], folder: s_folder, limit: TimeSpan.FromMinutes(3));
    }

    private static IEnumerable<string?> Texts(JsonElement found, string member) => found.GetProperty(member).EnumerateArray().Select(text => text.GetString());
}
