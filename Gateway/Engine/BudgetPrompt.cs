using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Engine;

/// <summary>What a session asks when a budget is used up, and what an answer to that says.</summary>
internal static class BudgetPrompt
{
    private const decimal MostTimes = 1_000_000_000_000;
    private const string Question = " Raise it, or stop?";

    private static readonly string[] s_measures = [BudgetMeasure.Tokens, BudgetMeasure.Usd, BudgetMeasure.Duration];
    private static readonly PromptAction[] s_actions = [new() { Id = PromptAction.Raise, Label = "Raise" }, new() { Id = PromptAction.Stop, Label = "Stop" }];

    /// <summary>The question: by how much it is raised, or whether to stop.</summary>
    public static Prompt Write(string id, BudgetState budget, Budget spent, IReadOnlyList<string> reached) => new()
    {
        PromptId = id,
        Text = Words(budget, spent, reached) + Question,
        Kind = PromptKind.Budget,
        Actions = s_actions,
        Schema = Schema(budget.Limit),
        Data = Data(budget, spent, reached),
    };

    /// <summary>Of which node's budget a prompt is; null: of the session's.</summary>
    public static string? NodeOf(Prompt prompt) => prompt.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("node_id", out var node) ? node.GetString() : null;

    /// <summary>Why a prompt was asked, as a sentence.</summary>
    public static string Reason(Prompt prompt) => prompt.Text[..^Question.Length];

    /// <summary>How far a budget is used up, as a sentence.</summary>
    public static string Words(BudgetState budget, Budget spent, IReadOnlyList<string> reached, bool nearly = false)
    {
        var whose = budget.Node is { } node ? $"The budget of node '{node.Id}'" : "The session's budget";
        var amounts = reached.Select(measure => measure switch
        {
            BudgetMeasure.Tokens => string.Create(CultureInfo.InvariantCulture, $"{spent.Tokens:N0} of {budget.Limit.Tokens:N0} tokens"),
            BudgetMeasure.Usd => string.Create(CultureInfo.InvariantCulture, $"${spent.Usd:0.00##} of ${budget.Limit.Usd:0.00##}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{spent.Duration!.Value.TotalSeconds:0.#} of {budget.Limit.Duration!.Value.TotalSeconds:0.#} seconds"),
        });
        return $"{whose} is {(nearly ? "nearly used up" : "used up")}: {string.Join(", ", amounts)}.";
    }

    /// <summary>What an answer raises a budget by: what it says; where it says nothing, as much as the definition gives, as often as it takes.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>: it says what is none, too little to go on, or more than a budget may have.</exception>
    public static Budget By(BudgetState budget, Prompt prompt, JsonElement? answer)
    {
        var spent = Spent(prompt);
        if (answer is not { ValueKind: JsonValueKind.Object } data) return AsMuchAgain(budget, spent);

        Budget by, higher;
        try
        {
            by = Read(data);
            foreach (var measure in s_measures)
            {
                if (data.TryGetProperty(measure, out var told) && by.Refuse(measure) is { } bound) throw Refuse(prompt, $"its {measure} is '{told}'. {bound.TrimEnd('.')}");
            }

            higher = budget.Limit.Plus(by);
        }
        catch (OverflowException)
        {
            throw Refuse(prompt, "it is more than can be counted; raise it by less");
        }

        if (higher.Tokens <= spent.Tokens) throw Refuse(prompt, string.Create(CultureInfo.InvariantCulture, $"{spent.Tokens} tokens have been consumed already; raise 'tokens' by more than {spent.Tokens - budget.Limit.Tokens}"));
        if (higher.Usd <= spent.Usd) throw Refuse(prompt, string.Create(CultureInfo.InvariantCulture, $"${spent.Usd} have been consumed already; raise 'usd' by more than {spent.Usd - budget.Limit.Usd}"));
        if (higher.Duration <= spent.Duration) throw Refuse(prompt, string.Create(CultureInfo.InvariantCulture, $"{spent.Duration!.Value.TotalSeconds} seconds have been worked already; raise 'duration' by more than {(spent.Duration - budget.Limit.Duration)!.Value.TotalSeconds}s"));
        return by;
    }

    /// <summary>By how much a budget is raised, as the log keeps it.</summary>
    public static JsonElement Write(Budget by)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) JsonSerializer.Serialize(json, by.ToPolicy(), ContractsJson.Wire.BudgetPolicy);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>By how much a budget is raised, as the log keeps it or an answer says; what is none is left out.</summary>
    public static Budget Read(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object) return default;
        return Budget.Of(new BudgetPolicy
        {
            Tokens = data.TryGetProperty(BudgetMeasure.Tokens, out var tokens) && tokens.ValueKind == JsonValueKind.Number && tokens.TryGetDecimal(out var count) && decimal.IsInteger(count) && count is >= long.MinValue and <= long.MaxValue ? (long)count : null,
            Usd = data.TryGetProperty(BudgetMeasure.Usd, out var usd) && usd.ValueKind == JsonValueKind.Number && usd.TryGetDecimal(out var amount) ? amount : null,
            Duration = data.TryGetProperty(BudgetMeasure.Duration, out var duration) && duration.ValueKind is JsonValueKind.String or JsonValueKind.Number ? duration.ToString() : null,
        });
    }

    private static Budget AsMuchAgain(BudgetState budget, Budget spent)
    {
        var (first, limit) = (budget.First, budget.Limit);
        return new Budget(
            spent.Tokens >= limit.Tokens ? first.Tokens * (((spent.Tokens - limit.Tokens) / first.Tokens) + 1) : null,
            spent.Usd >= limit.Usd ? AsMuchAgain(first.Usd!.Value, spent.Usd!.Value - limit.Usd!.Value) : null,
            spent.Duration >= limit.Duration ? first.Duration * (((spent.Duration - limit.Duration)!.Value.Ticks / first.Duration!.Value.Ticks) + 1) : null);
    }

    // How often a tiny amount goes into what is missing may be more than can be counted.
    private static decimal AsMuchAgain(decimal first, decimal missing) =>
        missing / MostTimes is var least && least > first ? missing + least : first * (decimal.Floor(missing / first) + 1);

    private static Budget Spent(Prompt prompt)
    {
        var spent = prompt.Data!.Value.GetProperty("spent").Deserialize(ContractsJson.Wire.BudgetSpent)!;
        return new Budget(spent.Tokens, spent.Usd, TimeSpan.FromTicks((long)(spent.Seconds * TimeSpan.TicksPerSecond)));
    }

    private static JsonElement Data(BudgetState budget, Budget spent, IReadOnlyList<string> reached)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (budget.Node is { } node) json.WriteString("node_id", node.Id);
            json.WritePropertyName("limit");
            JsonSerializer.Serialize(json, budget.Limit.ToPolicy(), ContractsJson.Wire.BudgetPolicy);
            json.WritePropertyName("spent");
            JsonSerializer.Serialize(json, BudgetState.Told(spent), ContractsJson.Wire.BudgetSpent);
            json.WriteStartArray("reached");
            foreach (var measure in reached) json.WriteStringValue(measure);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    // Only what is bounded can be raised.
    private static JsonElement Schema(Budget limit)
    {
        var measures = new JsonObject();
        if (limit.Tokens is not null) measures.Add(BudgetMeasure.Tokens, new JsonObject { ["type"] = "integer", ["minimum"] = 1 });
        if (limit.Usd is not null) measures.Add(BudgetMeasure.Usd, new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 });
        if (limit.Duration is not null) measures.Add(BudgetMeasure.Duration, new JsonObject { ["type"] = new JsonArray("string", "number"), ["description"] = "Such as 90s, 10m, 2h, or a number of seconds." });
        return JsonElement.Parse(new JsonObject { ["type"] = "object", ["description"] = "By how much it is raised; without it, by as much as it was.", ["properties"] = measures, ["minProperties"] = 1, ["additionalProperties"] = false }.ToJsonString());
    }

    private static GatewayException Refuse(Prompt prompt, string reason) => new(ErrorCode.InvalidData, $"The answer to prompt '{prompt.PromptId}' does not raise the budget: {reason}.");
}
