using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Gateway.Workflows;

/// <summary>What the contract's types say of themselves: the summaries of their documentation.</summary>
internal static class ContractWords
{
    private const string Resource = "Gateway.Contracts.xml";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_summaries = new(Read);

    /// <summary>The summary of a property, without tags; null when it has none.</summary>
    public static string? Of(MemberInfo property) => s_summaries.Value.GetValueOrDefault($"P:{property.DeclaringType?.FullName}.{property.Name}");

    private static Dictionary<string, string> Read()
    {
        using var stream = typeof(ContractWords).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource '{Resource}' is missing: the project embeds it when it is built.");
        return XDocument.Load(stream).Descendants("member")
            .Where(member => member.Attribute("name") is not null && member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!), StringComparer.Ordinal);
    }

    private static string Text(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
        {
            if (node is XText words) text.Append(words.Value);
            else if (node is XElement { IsEmpty: true } reference && reference.Attribute("cref")?.Value is { } cref) text.Append(cref[(cref.LastIndexOfAny(['.', ':']) + 1)..]);
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
