using Gateway.Doors.Hubs;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors.Hubs;

public sealed class LeavingTests(TestHostFixture gateway) : IClassFixture<TestHostFixture>
{
    // A call that was under way when its client left asked for the client's sender, and was logged as a bug.
    [Fact]
    public void A_call_whose_client_has_left_is_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => gateway.Services.GetRequiredService<SessionHubLifetimeManager>().SenderOf("gone"));
}
