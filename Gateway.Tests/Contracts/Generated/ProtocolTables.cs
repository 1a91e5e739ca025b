using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>Writes the tables of events and commands into the protocol, between their markers.</summary>
internal static class ProtocolTables
{
    // A longer list of names has its own place to be read.
    private const int MaxNames = 10;

    private static readonly string File = Path.Combine(Repository.Root, "Gateway.Contracts", "PROTOCOL.md");

    /// <summary>The whole protocol, with its tables as they should be.</summary>
    public static string Write() => Put(Put(System.IO.File.ReadAllText(File), "events", Events()), "commands", Commands());

    private static string Put(string text, string name, string table)
    {
        var (begin, end) = ($"<!-- {name}: written from the C# contracts, do not edit -->\n", $"<!-- end of {name} -->");
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"PROTOCOL.md has no '{begin.Trim()}' with '{end}' after it.");
        return $"{text[..(from + begin.Length)]}\n{table}\n{text[to..]}";
    }

    private static string Events() => Table(
        "| event | hub method | `data`, beside `session_id` |",
        SessionEvents.All.Select(kind => $"| `{kind.Name}` | `{kind.HubMethod}` | {Cell([ContractDocs.Of(kind.DataType), .. Members(kind.DataType).Where(member => member.Name != "session_id").Select(member => Member(kind.DataType, member, member.IsRequired ? "" : "?"))])} |"));

    private static string Commands() => Table(
        "| cmd | hub method | `data` |",
        CommandTable.All.Select(command =>
        {
            var property = CommandProperty.Of(command);
            var words = string.Join(' ', new[] { ContractDocs.Of(property), ContractDocs.RemarksOf(property) }.Where(text => text is not null));

            // All of a command's members may be absent; which are needed is in the words.
            var members = command.Data is null ? [] : Members(command.Data.Type).Select(member => Member(command.Data.Type, member, ""));
            return $"| `{command.Name}` | {string.Join(", ", command.HubMethods.Select(Method))} | {Cell([words, .. members])} |";
        }));

    private static string Table(string head, IEnumerable<string> rows) => $"{head}\n| --- | --- | --- |\n{string.Concat(rows.Select(row => row + "\n"))}";

    private static string Cell(IEnumerable<string?> lines) => string.Join("<br>", lines.Where(line => line is not null)).Replace("|", "\\|", StringComparison.Ordinal);

    private static IReadOnlyList<JsonPropertyInfo> Members(Type record) => ContractMembers.Of(record);

    // `status`, one of `pending` `running`: what it means.
    private static string Member(Type record, JsonPropertyInfo member, string mark)
    {
        var words = ContractDocs.Of(record, member.Name) ?? "";
        var values = "";
        if (words.StartsWith("One of ", StringComparison.Ordinal) && ContractMembers.NamesOf(record, member.Name) is { } names && ContractMembers.Constants(names) is { Count: <= MaxNames } constants)
        {
            values = $", one of {string.Join(' ', constants.Select(constant => $"`{constant.GetRawConstantValue()}`"))}";
            words = "";
        }

        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        if (ContractMembers.IsRecord(type) && type != typeof(WorkflowDefinition))
        {
            values = $" {{{string.Join(", ", Members(type).Select(inner => $"`{inner.Name}`{(inner.IsRequired ? "" : "?")}"))}}}";
        }

        return $"`{member.Name}`{mark}{values}{(words.Length > 0 ? $": {Small(words)}" : "")}";
    }

    private static string Method(string name)
    {
        var parameters = typeof(IWorkflowHub).GetMethod(name)!.GetParameters();
        return parameters is [{ Name: "command" }] ? $"`{name}`" : $"`{name}({string.Join(", ", parameters.Select(parameter => parameter.Name))})`";
    }

    private static string Small(string words) => char.IsUpper(words[0]) && !words.StartsWith("JSON", StringComparison.Ordinal) ? char.ToLowerInvariant(words[0]) + words[1..] : words;
}
