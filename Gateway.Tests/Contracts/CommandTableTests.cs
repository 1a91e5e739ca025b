using Gateway.Commands;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>Whatever must know every command agrees with the one table.</summary>
public sealed class CommandTableTests
{
    [Fact]
    public void Every_method_of_the_hub_is_of_a_command()
    {
        var methods = typeof(IWorkflowHub).GetMethods().Where(method => method.ReturnType.IsAssignableTo(typeof(Task))).Select(method => method.Name);

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
}
