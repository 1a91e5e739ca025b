using System.Net;
using Gateway.Contracts;
using Gateway.Inbox;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>Watchers are told why there is nothing to watch.</summary>
public sealed class InboxRefusalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_without_an_inbox_says_so_on_every_wire()
    {
        await using var gateway = await CustomFixture.StartAsync(services: services => services.AddSingleton<ILogPrompts>(new NoPrompts(new MemorySessionLog())));
        await using (var peer = await Peer.ConnectAsync(gateway, "/ws?inbox=true"))
        {
            Assert.Contains("keeps no list", await peer.ReadTextAsync(), StringComparison.Ordinal);
            Assert.Equal(1008, await peer.ReadCloseCodeAsync());
        }

        await using var reader = await HubReader.ConnectAsync(gateway, messagePack: false);
        await using var frames = Watch(reader);
        var refusal = await Assert.ThrowsAsync<HubException>(() => Wait.For(frames.MoveNextAsync().AsTask(), "a refusal"));
        Assert.Contains($"{ErrorCode.StorageUnavailable}: ", refusal.Message, StringComparison.Ordinal);

        using var http = gateway.CreateReaderClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/prompts");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await Wait.For(http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token), "a refusal");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Streams_of_a_hub_connection_count_as_its_subscriptions_until_they_end()
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:Limits:MaxSubscriptionsPerConnection"] = "2", ["Gateway:Limits:CommandsPerSecond"] = "0" });
        await using var reader = await HubReader.ConnectAsync(gateway, messagePack: false);
        using var leaves = new CancellationTokenSource();
        await using var first = Watch(reader, leaves.Token);
        await using var second = Watch(reader);
        Assert.True(await Wait.For(first.MoveNextAsync().AsTask(), "the first stream"));
        Assert.True(await Wait.For(second.MoveNextAsync().AsTask(), "the second stream"));
        Assert.Equal(ErrorCode.TooManySubscriptions, await TryAsync(reader));

        await leaves.CancelAsync();

        // The hub hears of the end when it hears of it.
        var refusal = await TryAsync(reader);
        for (var tries = 1; tries < 500 && refusal == ErrorCode.TooManySubscriptions; tries++) refusal = await TryAsync(reader);
        Assert.Null(refusal);
    }

    private static IAsyncEnumerator<InboxFrame> Watch(HubReader reader, CancellationToken? token = null) =>
        reader.Connection.StreamAsync<InboxFrame>(nameof(IWorkflowHub.WatchInbox), new WatchInbox(), token ?? Token).GetAsyncEnumerator(token ?? Token);

    // The code of a refusal; null when there was none.
    private static async Task<string?> TryAsync(HubReader reader)
    {
        await using var frames = Watch(reader);
        try
        {
            Assert.True(await Wait.For(frames.MoveNextAsync().AsTask(), "one more stream"));
            return null;
        }
        catch (HubException refusal)
        {
            return refusal.Message.Split("HubException: ")[^1].Split(':')[0];
        }
    }
}
