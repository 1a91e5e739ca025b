using Gateway.Client.Connection;
using Microsoft.AspNetCore.SignalR;
using Xunit;

namespace Gateway.Tests.Client;

public sealed class RefusalTests
{
    private const string Prefix = "An unexpected error occurred invoking 'Subscribe' on the server. HubException: ";

    [Theory]
    [InlineData("unknown_session: There is no session 's'.", "unknown_session", "There is no session 's'.")]
    [InlineData(Prefix + "unknown_session: There is no session 's'.", "unknown_session", "There is no session 's'.")]
    [InlineData(Prefix + "invalid_workflow: Two problems:\nnodes.a: bad\nnodes.b: bad", "invalid_workflow", "Two problems:\nnodes.a: bad\nnodes.b: bad")]
    [InlineData("invalid_data: HubException: is not a workflow.", "invalid_data", "HubException: is not a workflow.")]
    [InlineData(Prefix + "invalid_data: ", "invalid_data", "")]
    [InlineData("An unexpected error occurred invoking 'Subscribe' on the server.", "internal_error", "An unexpected error occurred invoking 'Subscribe' on the server.")]
    [InlineData("Failed to invoke 'X' due to an error on the server. HubException: Method does not exist.", "internal_error", "Method does not exist.")]
    [InlineData("", "internal_error", "")]
    public void Code_and_sentence_are_found_with_and_without_the_prefix(string message, string code, string sentence)
    {
        var refusal = Refusal.Parse(new HubException(message));

        Assert.Equal((code, sentence), (refusal.Code, refusal.Message));
    }
}
