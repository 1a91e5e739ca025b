using Gateway.Contracts;
using Gateway.Doors.WebSockets;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>What the address of <c>/ws</c> may say of the inbox, and what it might always say without one.</summary>
public sealed class InboxAddressTests
{
    [Theory]
    [InlineData("?after=5")]
    [InlineData("?workflow_id=w&assignee=ann")]
    [InlineData("?workflowId=w&after=1&after=2")]
    public void Names_of_the_inbox_are_passed_over_without_one(string query)
    {
        var request = ConnectionRequest.Parse(query);
        Assert.Null(request.Refusal);
        Assert.True(request.IsBroadcast);
    }

    [Theory]
    [InlineData("?inbox=true&workflowId=w")]
    [InlineData("?workflowId=w&inbox=true")]
    [InlineData("?inbox=false&after=5")]
    [InlineData("?inbox=true&after=1&after=2")]
    [InlineData("?sessionId=s")]
    [InlineData("?session=s")]
    public void A_slip_beside_an_inbox_or_of_a_session_is_refused(string query) =>
        Assert.Equal(ErrorCode.InvalidData, ConnectionRequest.Parse(query).Refusal?.Code);
}
