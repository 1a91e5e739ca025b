using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>TLS does not bear that a connection is taken apart while something is still being written to it.</summary>
/// <remarks>The fixture asserts at its end that the server has logged no error.</remarks>
public sealed class TlsEndTests
{
    private const int Leavers = 20;
    private const int Backlog = 20_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_that_leaves_with_a_write_under_way_is_no_error(bool hub)
    {
        await using var gateway = new TlsFixture();
        await gateway.InitializeAsync();
        var session = await TestSession.CreateAsync(gateway.Services);
        for (var i = 0; i < Backlog / 1000; i++) await session.SayAsync(1000, text: new string('x', 200));

        for (var i = 0; i < Leavers; i++)
        {
            if (hub)
            {
                await using var reader = await (await HubReader.ConnectAsync(gateway, messagePack: true)).SubscribeAsync(session.Id, 0);
            }
            else
            {
                await using var reader = await RawReader.ConnectAsync(gateway, $"/ws?session_id={session.Id}&after_seq=0");

                // Far more is to come than the kernel holds, and nobody reads it.
                await reader.NextTextAsync();
            }
        }

        // The end waits for what is under way.
        await Wait.For(gateway.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken), "the gateway to end");
    }
}
