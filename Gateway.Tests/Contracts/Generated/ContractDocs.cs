using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>What the XML comments of the contract say, with the names of the wire in place of those of C#.</summary>
internal static partial class ContractDocs
{
    private static readonly Dictionary<string, XElement> s_members = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Gateway.Contracts.xml"))
        .Descendants("member")
        .ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>The summary of a type; null when it has none.</summary>
    public static string? Of(Type type) => Summary(s_members.GetValueOrDefault($"T:{type.FullName}"));

    /// <summary>The summary of a constant.</summary>
    public static string? Of(FieldInfo constant) => Summary(s_members.GetValueOrDefault($"F:{constant.DeclaringType!.FullName}.{constant.Name}"));

    /// <summary>The summary of a member of a record, by its name on the wire.</summary>
    public static string? Of(Type record, string member) => Summary(Find(ContractMembers.Property(record, member)));

    /// <summary>The summary of a property.</summary>
    public static string? Of(PropertyInfo property) => Summary(Find(property));

    /// <summary>The remarks of a property; null when it has none.</summary>
    public static string? RemarksOf(PropertyInfo property) => Find(property)?.Element("remarks") is { } remarks ? Words(remarks) : null;

    /// <summary>The summary of a method.</summary>
    public static string? Of(MethodInfo method)
    {
        var name = $"M:{method.DeclaringType!.FullName}.{method.Name}";
        return Summary(s_members.FirstOrDefault(member => member.Key == name || member.Key.StartsWith(name + "(", StringComparison.Ordinal)).Value);
    }

    private static string? Summary(XElement? member) => member?.Element("summary") is { } summary ? Words(summary) : null;

    private static XElement? Find(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        if (type.IsGenericType) type = type.GetGenericTypeDefinition();
        var member = s_members.GetValueOrDefault($"P:{type.FullName}.{property.Name}");
        if (member?.Element("inheritdoc") is null) return member;
        return type.GetInterfaces().Prepend(type.BaseType).Select(from => from?.GetProperty(property.Name)).Where(from => from is not null).Select(from => Find(from!)).FirstOrDefault(found => found is not null);
    }

    // In C# what does not apply is null, on the wire it is absent.
    private static string Words(XElement text) => Null().Replace(Spaces().Replace(string.Concat(text.Nodes().Select(Word)), " ").Trim(), match => match.Value[0] == 'N' ? "Absent" : "absent");

    private static string Word(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } cref => $"`{WireName(cref.Value)}`",
        XElement { Name.LocalName: "see" } see => $"`{(string?)see.Attribute("langword")}`",
        XElement { Name.LocalName: "paramref" } parameter => $"`{(string?)parameter.Attribute("name")}`",
        XElement element => $"`{element.Value}`",
        _ => "",
    };

    // P:Gateway.Contracts.StartSession.WorkflowId is `workflow_id`, T:Gateway.Contracts.SessionEvent`1 is `SessionEvent`.
    private static string WireName(string cref)
    {
        var name = cref.Split('(')[0].Split('.', ':')[^1].Split('`')[0];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\b[Nn]ull(?= (when|for)\b)")]
    private static partial Regex Null();
}
