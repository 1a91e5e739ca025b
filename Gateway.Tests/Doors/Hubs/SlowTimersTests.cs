using Gateway.Doors.Hubs;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Doors.Hubs;

/// <summary>A tab in the background wakes once a minute, and reads everything all the same.</summary>
public sealed class SlowTimersTests(SocketFixture gateway) : IClassFixture<SocketFixture>
{
    [Fact]
    public void A_client_that_pings_once_a_minute_is_not_taken_for_gone()
    {
        // SignalR's clock cannot be set from outside, so the time itself is what is checked: one late ping is no silence, either.
        Assert.True(gateway.Services.GetRequiredService<IOptions<HubOptions<WorkflowHub>>>().Value.ClientTimeoutInterval > TimeSpan.FromMinutes(2));
    }
}
