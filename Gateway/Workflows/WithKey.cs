using System.Text.Json;
using Gateway.Contracts;
using Gateway.Settings;

namespace Gateway.Workflows;

/// <summary>A key that nodes of a type take inside <c>with</c>: a kind declares it in its rules, and reads it with the same object.</summary>
/// <remarks>A definition with a value of another kind is refused before a node of it runs, so what is read here is the value or nothing.</remarks>
/// <param name="Name">Its name, such as <c>max_rounds</c>.</param>
/// <param name="Value">What its value must be.</param>
/// <param name="IsRequired">Whether it must be there. Where it must, it is there and of that kind whenever the node runs.</param>
public sealed record WithKey(string Name, WithValue Value, bool IsRequired = false)
{
    /// <summary>The texts that are allowed, of a key whose value is text; none: any text.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What it is for, as a phrase; editors show it, and checks give it as a hint.</summary>
    public string? Description { get; init; }

    /// <summary>The least number it may be; null: any.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Whether it must be above <see cref="Minimum"/>.</summary>
    public bool ExcludesMinimum { get; init; }

    /// <summary>The greatest number it may be; null: any.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>A JSON Schema of its value, for editors, where that says more than <see cref="Value"/>; the kind checks the value.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Its text at a node; null where it is left out.</summary>
    public string? Text(NodeDefinition definition) => Read(definition, JsonValueKind.String)?.GetString();

    /// <summary>Its number at a node; null where it is left out.</summary>
    public decimal? Number(NodeDefinition definition) => Read(definition, JsonValueKind.Number) is { } value && value.TryGetDecimal(out var number) ? number : null;

    /// <summary>Its whole number at a node; null where it is left out.</summary>
    public int? WholeNumber(NodeDefinition definition) => Read(definition, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Its time at a node; null where it is left out.</summary>
    public TimeSpan? Time(NodeDefinition definition) => Json(definition) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value && Duration.TryParse(value.ToString(), out var time) ? time : null;

    /// <summary>Whether it is true at a node; null where it is left out.</summary>
    public bool? TrueOrFalse(NodeDefinition definition) => Json(definition) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    /// <summary>Its value at a node, of whatever kind; null where it is left out.</summary>
    public JsonElement? Json(NodeDefinition definition) =>
        definition.With is { ValueKind: JsonValueKind.Object } with && with.TryGetProperty(Name, out var value) ? value : null;

    private JsonElement? Read(NodeDefinition definition, JsonValueKind kind) => Json(definition) is { } value && value.ValueKind == kind ? value : null;
}
