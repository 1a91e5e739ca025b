using System.Globalization;
using System.Text.Json;
using Gateway.Settings;

namespace Gateway.Workflows;

/// <summary>Checks a node's <c>with</c> against the keys that its type takes.</summary>
internal static class WithCheck
{
    /// <summary>Reports what is wrong; nothing when <c>with</c> is as the rules say.</summary>
    public static void Run(NodeCheck check, INodeShape shape)
    {
        var keys = shape.Rules.With;
        if (check.Definition.With is not { } with)
        {
            foreach (var missing in keys.Where(key => key.IsRequired)) Missing(check, missing);
            return;
        }

        if (keys.Count == 0)
        {
            check.Report("with", $"A node of type '{shape.Type}' has no 'with'; take it out.");
            return;
        }

        if (with.ValueKind != JsonValueKind.Object)
        {
            check.Report("with", $"Expected keys with values; the keys here are {Names(keys)}.");
            return;
        }

        foreach (var member in with.EnumerateObject()) CheckMember(check, keys, member);
        foreach (var missing in keys.Where(key => key.IsRequired && !with.TryGetProperty(key.Name, out _))) Missing(check, missing);
    }

    private static void CheckMember(NodeCheck check, IReadOnlyList<WithKey> keys, JsonProperty member)
    {
        var path = $"with.{Naming.Show(member.Name)}";
        var key = keys.FirstOrDefault(known => known.Name == member.Name);
        if (key is null)
        {
            check.Report(path, $"Unknown key '{Naming.Show(member.Name)}'; " + (check.Nearest(member.Name, keys.Select(known => known.Name)) is { } nearest ? $"did you mean '{nearest}'?" : $"the keys here are {Names(keys)}."));
        }
        else if (key.Choices.Count > 0 && !IsChoice(key, member.Value))
        {
            check.Report(path, $"Expected {Words(key)}.");
        }
        else if (!IsOf(key.Value, member.Value))
        {
            check.Report(path, $"Expected {Words(key.Value)}.");
        }
        else if (!IsInRange(key, member.Value))
        {
            check.Report(path, $"Expected {Words(key)}.");
        }
        else if (key.Value == WithValue.Template)
        {
            check.RequireTemplate(path, member.Value.GetString());
        }
        else if (key.Value == WithValue.Expression)
        {
            check.RequireExpression(path, member.Value.GetString());
        }
    }

    private static bool IsOf(WithValue expected, JsonElement value) => expected switch
    {
        WithValue.Text or WithValue.Template or WithValue.Expression => value.ValueKind == JsonValueKind.String,
        WithValue.Number => value.ValueKind == JsonValueKind.Number,
        WithValue.WholeNumber => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        WithValue.Time => value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Duration.TryParse(value.ToString(), out _),
        WithValue.TrueOrFalse => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        WithValue.List => value.ValueKind == JsonValueKind.Array,
        WithValue.Keys => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };

    private static void Missing(NodeCheck check, WithKey key) => check.Report("with", $"The key '{key.Name}' is missing; give it {Words(key)}.");

    private static bool IsChoice(WithKey key, JsonElement value) => value.ValueKind == JsonValueKind.String && key.Choices.Any(choice => value.ValueEquals(choice));

    private static bool IsInRange(WithKey key, JsonElement value)
    {
        if (key is { Minimum: null, Maximum: null } || value.ValueKind != JsonValueKind.Number) return true;

        // A number that no decimal holds is beyond every bound that is one.
        return value.TryGetDecimal(out var number)
            && !(key.ExcludesMinimum ? number <= key.Minimum : number < key.Minimum)
            && !(number > key.Maximum);
    }

    private static string Words(WithKey key)
    {
        if (key.Choices.Count > 0) return $"one of {string.Join(", ", key.Choices.Select(choice => $"'{choice}'"))}";
        var minimum = key.Minimum is { } least ? string.Create(CultureInfo.InvariantCulture, $" {(key.ExcludesMinimum ? "above" : "from")} {least}") : null;
        var maximum = key.Maximum is { } most ? string.Create(CultureInfo.InvariantCulture, $" {(minimum is null || key.ExcludesMinimum ? "up to" : "to")} {most}") : null;
        return Words(key.Value) + minimum + maximum;
    }

    private static string Words(WithValue expected) => expected switch
    {
        WithValue.Text => "text",
        WithValue.Template => "text, a template",
        WithValue.Expression => "an expression",
        WithValue.Number => "a number",
        WithValue.WholeNumber => "a whole number",
        WithValue.Time => "a time, such as 30s, 10m, 24h or 7d",
        WithValue.TrueOrFalse => "true or false",
        WithValue.List => "a list",
        WithValue.Keys => "keys with values",
        _ => "a value",
    };

    private static string Names(IEnumerable<WithKey> keys) => string.Join(", ", keys.Select(key => key.Name));
}
