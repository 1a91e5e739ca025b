using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Tests.Contracts;
using Gateway.Tests.Engine.OwnKinds;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Every row of the table of events has a reducer in the session's state.</summary>
public sealed class ReducerTests
{
    public static TheoryData<string> Names => [.. SessionEvents.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_of_the_table_can_be_folded(string name)
    {
        var example = WireMessages.All.Select(message => message.Value).OfType<SessionEvent>().First(sessionEvent => sessionEvent.Event == name);
        var nodes = new[] { "affirmative", "negative", "debate", "review" }.ToDictionary(id => id, _ => new NodeDefinition { Type = NodeType.Parallel });
        var state = new SessionState(EngineFixture.Header(new WorkflowDefinition { Nodes = nodes }), TestKinds.All);

        state.Apply(example);

        Assert.Equal(example.Seq, state.LastSeq);
    }
}
