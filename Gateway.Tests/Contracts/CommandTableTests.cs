using System.Text.RegularExpressions;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>Whatever must know every command agrees with the one table.</summary>
public sealed partial class CommandTableTests
{
    [Fact]
    public void The_protocols_table_has_every_command_with_its_hub_methods()
    {
        var protocol = File.ReadAllText(Path.Combine(Repository.Root, "Gateway.Contracts", "PROTOCOL.md"));
        var rows = protocol[protocol.IndexOf("| cmd |", StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')).ToList();

        Assert.Equal(CommandTable.All.Select(command => command.Name), rows.SelectMany(row => Names(row[1])));
        Assert.Equal(CommandTable.All.SelectMany(command => command.HubMethods), rows.SelectMany(row => Names(row[2])));
    }

    [Fact]
    public void Every_method_of_the_hub_is_of_a_command()
    {
        var methods = typeof(IWorkflowHub).GetMethods().Select(method => method.Name);

        Assert.Equal(methods.Order(), CommandTable.All.SelectMany(command => command.HubMethods).Order());
        Assert.Same(CommandTable.Subscribe, CommandTable.FindHubMethod("subscribesnapshot"));
        Assert.Null(CommandTable.FindHubMethod("DropTable"));
    }

    [Fact]
    public void Every_command_with_data_is_handled() =>
        Assert.All(CommandTable.All.Where(command => command.Data is not null), command => Assert.NotNull(CommandHandlers.Of(command)));

    [Fact]
    public void A_command_has_an_http_action_when_and_only_when_it_steers_a_session() =>
        Assert.All(CommandTable.All, command => Assert.Equal(command.Action is not null, command.Data?.Type.IsAssignableTo(typeof(ISessionCommand)) ?? false));

    [Fact]
    public void A_command_is_found_by_its_name_as_it_is_written()
    {
        Assert.All(CommandTable.All, command => Assert.Same(command, CommandTable.Find(command.Name)));
        Assert.Null(CommandTable.Find("Ping"));
    }

    private static IEnumerable<string> Names(string cell) => Quoted().Matches(cell).Select(match => match.Groups[1].Value);

    // `Subscribe(sessionId, afterSeq)` names Subscribe.
    [GeneratedRegex(@"`(\w+)[^`]*`")]
    private static partial Regex Quoted();
}
