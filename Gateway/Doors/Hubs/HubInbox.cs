using System.Runtime.CompilerServices;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Inbox;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>The inbox as a stream of the hub; each counts as one of its connection's subscriptions.</summary>
internal sealed class HubInbox(InboxCommands inbox, SessionFeeds feeds, RefusalReport refusals)
{
    /// <summary>What waits, and then each change of that, until it is cancelled.</summary>
    /// <exception cref="HubException"><c>too_many_subscriptions</c>; <c>invalid_data</c>: the position is none; <c>storage_unavailable</c>: the inbox cannot be read, and that does not pass.</exception>
    public async IAsyncEnumerable<InboxFrame> WatchAsync(ClientConnection client, WatchInbox watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In here, because what follows a method's return passes no filter of the hub.
        using var place = Refused(() => feeds.TakeStream(client.Sender));
        await using var messages = Refused(() => inbox.Watch(client.Caller, watch, cancellationToken)).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(messages)) yield return messages.Current.Frame;
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<InboxMessage> messages)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Refuse(exception);
        }
    }

    private TResult Refused<TResult>(Func<TResult> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception exception)
        {
            throw Refuse(exception);
        }
    }

    private HubException Refuse(Exception exception) => HubRefusal.Create(refusals.Report("The hub's WatchInbox", exception));
}
