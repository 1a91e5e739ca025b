using Gateway.Admission;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Doors.WebSockets;

/// <summary>A command whose client has left holds nothing for it.</summary>
public sealed class LeavingTests
{
    // One address is opened below HTTP, the other one has a parameter that the direct door does not know.
    [Theory]
    [InlineData("/ws")]
    [InlineData("/ws?other=1")]
    public async Task A_command_that_hangs_ends_with_its_client(string address)
    {
        var log = new HangingFindLog("slow");
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:WebSockets:CloseTimeout"] = "100ms" }, services => services.AddSingleton<ISessionLog>(log));
        var limiter = gateway.Services.GetRequiredService<ConnectionLimiter>();
        await using (var client = await WsClient.ConnectAsync(gateway, address))
        {
            await client.SendAsync("""{"cmd":"pause_session","data":{"session_id":"slow"}}""");
            await Wait.For(log.Asked, "the command to ask the store");
            Assert.Equal(1, limiter.Count);
        }

        await Wait.For(log.GivenUp, "the command to be given up");
        await Wait.For(limiter.WhenEmptyAsync(), "the place of the connection to be free");
    }

    private sealed class HangingFindLog(string sessionId) : DelegatingSessionLog(new MemorySessionLog())
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public Task GivenUp => _givenUp.Task;

        public override async Task<SessionEntry?> FindAsync(string asked, CancellationToken cancellationToken)
        {
            if (asked != sessionId) return await base.FindAsync(asked, cancellationToken);
            await using var ended = cancellationToken.UnsafeRegister(_ => _givenUp.TrySetResult(), null);
            _asked.TrySetResult();
            await _givenUp.Task;
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
