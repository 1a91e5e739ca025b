using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>The JSON form of every message is what its file says; a change of the contract shows as a change of a file.</summary>
public sealed class WireFormTests
{
    public static TheoryData<string> Names => [.. WireMessages.All.Select(message => message.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_written_as_its_file_says(string name)
    {
        var message = Find(name);

        Assert.Equal(Pinned(name), JsonSerializer.Serialize(message.Value, message.Type));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_read_back_from_its_file(string name)
    {
        var message = Find(name);

        var back = JsonSerializer.Deserialize(Pinned(name), message.Type)!;

        WireEqual.Check(message, back);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Members_nobody_knows_are_skipped(string name)
    {
        var message = Find(name);
        var later = Pinned(name).Insert(1, "\"later\":{\"a\":[1,{\"b\":null}]}" + (Pinned(name) == "{}" ? string.Empty : ","));

        var back = JsonSerializer.Deserialize(later, message.Type)!;

        WireEqual.Check(message, back);
    }

    [Fact]
    public void Every_file_is_of_a_message()
    {
        var files = Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!);

        Assert.Equal(WireMessages.All.Select(message => message.Name).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_type_of_the_contract_has_a_file()
    {
        var types = typeof(ContractsJson).GetProperties()
            .Where(property => property.PropertyType.IsGenericType && property.PropertyType.Name.StartsWith("JsonTypeInfo", StringComparison.Ordinal))
            .Select(property => property.PropertyType.GetGenericArguments()[0])
            .Where(type => type.Assembly == typeof(ContractsJson).Assembly && type != typeof(SessionEvent));

        // Records that only stand inside others are pinned with those.
        var inside = new[] { typeof(Totals), typeof(Prompt), typeof(ToolCall), typeof(PromptAction), typeof(PromptAnswer), typeof(HeldInput), typeof(ReplyData), typeof(NodeSnapshot), typeof(SessionSummary), typeof(AgentDefinition), typeof(NodeDefinition), typeof(WorkflowDefaults), typeof(RetryPolicy), typeof(TimeoutPolicy), typeof(NodeWait), typeof(BudgetPolicy), typeof(BudgetSnapshot), typeof(BudgetSpent), typeof(ForkEdits), typeof(NodeEdit), typeof(SessionOrigin) };
        var missing = types.Where(type => !typeof(IEventData).IsAssignableFrom(type)).Except(inside).Except(WireMessages.All.Select(message => message.Type.Type));

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("\"2m\"", "2m")]
    [InlineData("90", "90")]
    [InlineData("0.5", "0.5")]
    [InlineData("null", null)]
    public void A_time_is_read_as_text_or_as_a_number_of_seconds(string json, string? time)
    {
        Assert.Equal(time, JsonSerializer.Deserialize("""{"nodes":{"a":{"timeout":{"total":TIME}}}}""".Replace("TIME", json, StringComparison.Ordinal), ContractsJson.Wire.WorkflowDefinition)!.Nodes!["a"].Timeout!.Total);
    }

    [Theory]
    [InlineData("""{"id":"x","nodes":{"a":{"next":"b"}}}""", new[] { "b" })]
    [InlineData("""{"id":"x","nodes":{"a":{"next":["b"]}}}""", new[] { "b" })]
    [InlineData("""{"id":"x","nodes":{"a":{"next":[]}}}""", new string[0])]
    [InlineData("""{"id":"x","nodes":{"a":{"next":null}}}""", null)]
    public void Next_is_read_as_one_id_or_as_a_list(string json, string[]? next)
    {
        Assert.Equal(next, JsonSerializer.Deserialize(json, ContractsJson.Wire.WorkflowDefinition)!.Nodes!["a"].Next);
    }

    [Theory]
    [InlineData("""{"nodes":{"a":{"next":1}}}""")]
    [InlineData("""{"nodes":{"a":{"next":[null]}}}""")]
    [InlineData("""{"nodes":{"a":{"next":[["b"]]}}}""")]
    [InlineData("""{"nodes":[]}""")]
    public void A_wrong_shape_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Wire.WorkflowDefinition));
    }

    [Theory]
    [InlineData("{\"input\":")]
    [InlineData("{\"later\":")]
    public void Json_ten_thousand_deep_is_refused(string start)
    {
        var json = start + new string('[', 10_000) + new string(']', 10_000) + "}";

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Wire.StartSession));
    }

    [Theory]
    [InlineData("""{"session_id":"\ud800"}""")]
    [InlineData("{\"session_id\":\"\u0000\"}")]
    public void Half_a_character_and_a_bare_control_character_are_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), ContractsJson.Wire.PauseSession));
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Contracts", "Wire");

    private static WireMessage Find(string name) => WireMessages.All.Single(message => message.Name == name);

    private static string Pinned(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json")).TrimEnd('\n');
}
