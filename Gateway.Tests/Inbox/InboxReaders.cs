using System.Net.ServerSentEvents;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace Gateway.Tests.Inbox;

/// <summary>Watches on <c>/ws</c>.</summary>
internal sealed class WebSocketInbox(RawReader reader) : IInboxReader
{
    public static async Task<IInboxReader> ConnectAsync(GatewayFixture gateway, WatchInbox watch) => new WebSocketInbox(await RawReader.ConnectAsync(gateway, "/ws?inbox=true" + Query(watch)));

    public async Task<InboxFrame> NextAsync() => JsonSerializer.Deserialize(await reader.NextTextAsync(), ContractsJson.Wire.InboxFrame)!;

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    public static string Query(WatchInbox watch) => string.Concat(
        new (string Name, string? Value)[] { ("assignee", watch.Assignee), ("workflow_id", watch.WorkflowId), ("after", watch.After) }
            .Where(parameter => parameter.Value is not null).Select(parameter => $"&{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
}

/// <summary>Watches Server-Sent Events; comes back with <c>Last-Event-ID</c>, as a browser does.</summary>
internal sealed class SseInbox(HttpClient client, IAsyncEnumerator<SseItem<string>> items) : IInboxReader
{
    public static async Task<IInboxReader> ConnectAsync(GatewayFixture gateway, WatchInbox watch)
    {
        var client = gateway.CreateReaderClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/prompts?x=1" + WebSocketInbox.Query(watch with { After = null }));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (watch.After is not null) request.Headers.Add("Last-Event-ID", watch.After);
        var response = await Wait.For(client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "the stream of the inbox");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new SseInbox(client, SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
    }

    public async Task<InboxFrame> NextAsync()
    {
        Assert.True(await Wait.For(items.MoveNextAsync().AsTask(), "a change of the inbox"));
        var frame = JsonSerializer.Deserialize(items.Current.Data, ContractsJson.Wire.InboxFrame)!;
        Assert.Equal((frame.Position, frame.Event), (items.Current.EventId, items.Current.EventType));
        return frame;
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Watches on the hub.</summary>
internal sealed class HubInbox(HubReader reader, IAsyncEnumerator<InboxFrame> frames) : IInboxReader
{
    public static async Task<IInboxReader> ConnectAsync(GatewayFixture gateway, WatchInbox watch, bool messagePack)
    {
        var reader = await HubReader.ConnectAsync(gateway, messagePack);
        return new HubInbox(reader, reader.Connection.StreamAsync<InboxFrame>(nameof(IWorkflowHub.WatchInbox), watch).GetAsyncEnumerator());
    }

    public async Task<InboxFrame> NextAsync()
    {
        Assert.True(await Wait.For(frames.MoveNextAsync().AsTask(), "a change of the inbox"));
        return frames.Current;
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}
