using System.Text.Json;
using Gateway.Templates;

namespace Gateway.Tests.Templates;

/// <summary>A scope whose roots are the members of a JSON object; <c>said</c> is a list of texts.</summary>
internal sealed class JsonScope(string json, params string[] said) : TemplateScope
{
    private readonly JsonElement _json = JsonElement.Parse(json);

    public override IReadOnlyList<string> Roots => [.. _json.EnumerateObject().Select(member => member.Name), "said"];

    public override bool TryGet(string root, out object? value)
    {
        value = said;
        if (root == "said") return true;
        var found = _json.TryGetProperty(root, out var member);
        value = found ? TemplateValue.Of(member, this) : null;
        return found;
    }
}
