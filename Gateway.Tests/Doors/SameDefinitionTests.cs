using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Tests.Doors.Hubs;
using Gateway.Tests.Infrastructure;
using MessagePack;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors;

/// <summary>What a definition says and what is wrong with it does not depend on the wire it comes by.</summary>
public sealed class SameDefinitionTests(SameDefinitionTests.Unlimited gateway) : IClassFixture<SameDefinitionTests.Unlimited>
{
    private const string Good =
        """
        {"id":"w","name":"W","description":"d","agents":{"a":{"name":"A","instructions":"Say yes.","temperature":0.5,"max_output_tokens":5}},
         "nodes":{"start":{"type":"start","next":"n"},"n":{"type":"agent","agent":"a","next":["end"]},"end":{"type":"end"}}}
        """;

    // What a value or a key is replaced by. A number that is packed has a value and no form, so none is here that has several.
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "9223372036854775807", "18446744073709551615", "\"\"", "\"5\"", "\"n\"", "\"é😀\"", "\"\\u0000\"", "[]", "[null]", "[\"n\",\"n\"]",
        "{}", "{\"x\":null}", "{\"x\":{\"y\":[1]}}", "[[[\"n\"]]]",
    ];

    private static readonly string[] Keys = ["", "Type", "nxt", "instructionz", "agent", "with", "a.b", "__proto__", "é", "unknown"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?> Starts => new()
    {
        { $$"""{"workflow":{{Good}}}""", null },
        { $$"""{"workflow_id":null,"template_id":null,"input":null,"workflow":{{Good}}}""", null },
        { Node("""{"type":"agent","agent":"a","next":"end"}"""), null },
        { Node("""{"type":"agent","agent":"a","next":"end","prompt":null,"with":null}"""), null },
        { $$"""{"workflow":{{Workflows.NextIdsGraphTests.Optimize}}}""", null },
        { $$"""{"workflow":{{Workflows.NextIdsGraphTests.Optimize.Replace("\"vote\"", "\"fact_check\"", StringComparison.Ordinal)}}}""", ErrorCode.InvalidWorkflow },
        { $$$"""{"workflow":{{{Good}}},"unknown":{"a":[1]}}""", null },
        { Inputs("""{"topic":"Trams"}"""), null },
        { Inputs("""{"topic":5}"""), ErrorCode.InvalidData },
        { Inputs("\"Trams\""), ErrorCode.InvalidData },
        { Node("""{"type":"agent","agent":"a","next":"end","foo":1}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":"end","foo":null}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":"end","foo":{"bar":[{"baz":1}]}}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":"end","next":"end"}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":5}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":[["end"]]}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":{"end":true}}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":"end","with":{"a":1}}"""), ErrorCode.InvalidWorkflow },
        { Node("""{"type":"agent","agent":"a","next":"end","with":[1]}"""), ErrorCode.InvalidWorkflow },
        { Node("null"), ErrorCode.InvalidWorkflow },
        { Node("[]"), ErrorCode.InvalidWorkflow },
        { Node("\"agent\""), ErrorCode.InvalidWorkflow },
        { Agent("""{"instructionz":"x"}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"temperature":"0.5"}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"temperature":3}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"max_output_tokens":"5"}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"max_output_tokens":1.5}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"max_output_tokens":2147483648}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"max_output_tokens":18446744073709551615}"""), ErrorCode.InvalidWorkflow },
        { Agent("""{"name":{"first":"A"}}"""), ErrorCode.InvalidWorkflow },
        { Agent("null"), ErrorCode.InvalidWorkflow },
        { """{"workflow":{"nodes":[]}}""", ErrorCode.InvalidWorkflow },
        { """{"workflow":{"nodes":{"a":{"type":"start"},"a":{"type":"start"}}}}""", ErrorCode.InvalidWorkflow },
        { """{"workflow":{"zzz":1,"nodes":{}}}""", ErrorCode.InvalidWorkflow },
        { """{"workflow":{}}""", ErrorCode.InvalidWorkflow },
        { """{"workflow":null}""", ErrorCode.InvalidData },
        { """{"workflow":[]}""", ErrorCode.InvalidData },
        { """{"workflow":"quick-answer"}""", ErrorCode.InvalidData },
        { $$"""{"workflow_id":"quick-answer","workflow":{{Good}}}""", ErrorCode.InvalidData },
        { """{"workflow_id":5}""", ErrorCode.InvalidData },
        { """{"workflow_id":"quick-answer","subject":5}""", ErrorCode.InvalidData },
        { """{"workflow_id":"quick-answer","session_id":{}}""", ErrorCode.InvalidData },
        { $$"""{"workflow_id":"quick-answer","input":{{Deep(60)}}}""", null },
        { $$"""{"workflow_id":"quick-answer","input":{{Deep(63)}}}""", null },
        { $$"""{"workflow_id":"quick-answer","input":{{Deep(64)}}}""", ErrorCode.InvalidData },
        { $$"""{"workflow_id":"quick-answer","input":{{Deep(70)}}}""", ErrorCode.InvalidData },
        { Node($$"""{"type":"agent","agent":"a","next":"end","with":{{Deep(70)}}}"""), ErrorCode.InvalidData },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task A_start_is_taken_or_refused_alike(string start, string? code)
    {
        await using var doors = await OpenAsync();

        Assert.Equal(code, (await AskAllAsync(doors, start)).Code);
    }

    [Fact]
    public async Task Whatever_is_done_to_a_definition_is_taken_or_refused_alike()
    {
        const int Count = 150;
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        await using var doors = await OpenAsync();
        var taken = 0;
        for (var i = 0; i < Count; i++)
        {
            var workflow = JsonNode.Parse(Good)!;
            for (var mistakes = random.Next(1, 4); mistakes > 0; mistakes--) Spoil(workflow, random);
            if ((await AskAllAsync(doors, $$"""{"workflow":{{workflow.ToJsonString()}}}""")).Code is null) taken++;
        }

        // Names and texts may be anything, so that some are still good.
        Assert.InRange(taken, 1, Count - 1);
    }

    // A value without a form in JSON, of each kind.
    [Theory]
    [InlineData(new byte[] { 0xC7, 0x01, 0x05, 0x00 }, "no form in JSON")]
    [InlineData(new byte[] { 0xC4, 0x01, 0x41 }, "no form in JSON")]
    [InlineData(new byte[] { 0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0 }, "NaN")]
    [InlineData(new byte[] { 0x81, 0x01, 0x02 }, "keys of a map are strings")]
    [InlineData(new byte[] { 0xA1, 0xFF }, "not valid UTF-8")]
    public async Task What_only_one_wire_can_say_is_refused_with_a_sentence(byte[] value, string words)
    {
        await using var doors = await OpenAsync();

        await doors.Packed.SendBinaryAsync([0x96, 0x01, 0x80, 0xA1, (byte)'1', 0xAC, .. "StartSession"u8, 0x91, 0x81, 0xA7, .. "subject"u8, .. value, 0x90]);

        var answer = await AnswerAsync(doors.Packed);
        Assert.Equal(ErrorCode.InvalidData, answer.Code);
        Assert.Contains(words, answer.Sentence, StringComparison.Ordinal);
    }

    private static string Inputs(string input) => "{\"input\":" + input + ",\"workflow\":" + Good.Replace("\"id\":\"w\"", "\"inputs\":{\"type\":\"object\",\"properties\":{\"topic\":{\"type\":\"string\"}},\"required\":[\"topic\"]}", StringComparison.Ordinal) + "}";

    private static string Node(string node) => $$$"""{"workflow":{"agents":{"a":{}},"nodes":{"start":{"type":"start","next":"n"},"n":{{{node}}},"end":{"type":"end"} } }}""";

    private static string Agent(string agent) => $$$"""{"workflow":{"agents":{"a":{{{agent}}}},"nodes":{"start":{"type":"start","next":"n"},"n":{"type":"agent","agent":"a","next":"end"},"end":{"type":"end"} } }}""";

    private static string Deep(int depth) => $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{new string('}', depth)}";

    private static void Spoil(JsonNode workflow, Random random)
    {
        var objects = Objects(workflow).ToList();
        var target = objects[random.Next(objects.Count)];
        var value = JsonNode.Parse(Values[random.Next(Values.Length)]);
        if (target.Count == 0 || random.Next(4) == 0)
        {
            target[Keys[random.Next(Keys.Length)]] = value;
            return;
        }

        var member = target.ElementAt(random.Next(target.Count)).Key;
        switch (random.Next(3))
        {
            case 0:
                target[member] = value;
                break;
            case 1:
                target.Remove(member);
                break;
            default:
                var moved = target[member]?.DeepClone();
                target.Remove(member);
                target[Keys[random.Next(Keys.Length)]] = moved;
                break;
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject members => members.Select(member => member.Value).SelectMany(Objects).Prepend(members),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    // The same answer on each, and for what is taken the same definition in the log.
    private async Task<Answer> AskAllAsync(AllDoors doors, string start)
    {
        var http = await PostAsync(doors.Http, WithId(start, out var httpId));
        await doors.Text.SendTextAsync($$"""{"type":1,"invocationId":"1","target":"StartSession","arguments":[{{WithId(start, out var textId)}}]}""");
        var text = await AnswerAsync(doors.Text);
        await doors.Packed.SendBinaryAsync(Pack(WithId(start, out var packedId)));
        var packed = await AnswerAsync(doors.Packed);

        // Only what the message is called differs.
        var expected = http with { Sentence = http.Sentence.Replace("The body", "The command", StringComparison.Ordinal) };
        Assert.True(expected == text with { Sentence = text.Sentence.Replace("The body", "The command", StringComparison.Ordinal) }, $"{start}\nHTTP: {http}\nJSON hub: {text}");
        Assert.True(expected == packed with { Sentence = packed.Sentence.Replace("The body", "The command", StringComparison.Ordinal) }, $"{start}\nHTTP: {http}\nMessagePack hub: {packed}");
        if (http.Code is null)
        {
            var definition = await DefinitionAsync(httpId);
            Assert.Equal(definition, await DefinitionAsync(textId));
            Assert.Equal(definition, await DefinitionAsync(packedId));
        }

        return http;
    }

    // A start of its own on each door, unless it says by itself which session is meant.
    private static string WithId(string start, out string id)
    {
        id = Infrastructure.Starts.NewId();
        return start.Contains("session_id", StringComparison.Ordinal) ? start : $$"""{"session_id":"{{id}}",{{start.TrimStart()[1..]}}""";
    }

    private static async Task<Answer> PostAsync(HttpClient http, string start)
    {
        using var body = new StringContent(start, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), body, Token);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        return response.StatusCode == HttpStatusCode.Created ? new Answer(null, "") : new Answer(answer.GetProperty("code").GetString(), answer.GetProperty("detail").GetString()!);
    }

    private static byte[] Pack(string start)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        Pack(ref writer, JsonElement.Parse(start, new JsonDocumentOptions { MaxDepth = 200 }));
        writer.Flush();
        return [0x96, 0x01, 0x80, 0xA1, (byte)'1', 0xAC, .. "StartSession"u8, 0x91, .. buffer.WrittenSpan, 0x90];
    }

    // As it stands there, keys that are there twice included, and as deep as it is.
    private static void Pack(ref MessagePackWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.GetPropertyCount());
                foreach (var property in value.EnumerateObject())
                {
                    writer.Write(property.Name);
                    Pack(ref writer, property.Value);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var item in value.EnumerateArray()) Pack(ref writer, item);
                break;
            case JsonValueKind.String:
                writer.Write(value.GetString());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                writer.Write(whole);
                break;
            case JsonValueKind.Number when value.TryGetUInt64(out var whole):
                writer.Write(whole);
                break;
            case JsonValueKind.Number:
                writer.Write(value.GetDouble());
                break;
            case JsonValueKind.Null:
                writer.WriteNil();
                break;
            default:
                writer.Write(value.GetBoolean());
                break;
        }
    }

    // Passes over the events of sessions that were started.
    private static async Task<Answer> AnswerAsync(RawHub hub)
    {
        const string Refused = "HubException: ";
        while (true)
        {
            var message = await hub.NextAsync() ?? throw new InvalidOperationException("The hub has closed the connection.");
            if (message.IndexOf(Refused, StringComparison.Ordinal) is >= 0 and var at)
            {
                var refusal = message.StartsWith('{') ? JsonElement.Parse(message.TrimEnd('\u001e')).GetProperty("error").GetString()!.Split(Refused, 2)[1] : message[(at + Refused.Length)..];
                var parts = refusal.Split(": ", 2);
                return new Answer(parts[0], parts[1]);
            }

            if (message.Contains("session_id", StringComparison.Ordinal) && !SessionEvents.All.Any(kind => message.Contains(kind.HubMethod, StringComparison.Ordinal))) return new Answer(null, "");
        }
    }

    private async Task<string> DefinitionAsync(string id)
    {
        var entry = await gateway.Services.GetRequiredService<ISessionLog>().FindAsync(id, Token);
        return JsonSerializer.Serialize(entry!.Header.Workflow, ContractsJson.Wire.WorkflowDefinition);
    }

    private async Task<AllDoors> OpenAsync() => new(gateway.CreateClient(), await RawHub.ConnectAsync(gateway, "json"), await RawHub.ConnectAsync(gateway, "messagepack"));

    private sealed record Answer(string? Code, string Sentence);

    private sealed record AllDoors(HttpClient Http, RawHub Text, RawHub Packed) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Text.DisposeAsync();
            await Packed.DisposeAsync();
        }
    }

    public sealed class Unlimited() : GatewayFixture(sockets: true, settings: new() { ["Gateway:Limits:CommandsPerSecond"] = "0" });
}
