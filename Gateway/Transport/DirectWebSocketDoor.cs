using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Admission;
using Gateway.Delivery;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Transport;

/// <summary>Opens WebSockets before HTTP does: a plain upgrade needs no HTTP connection, context or pipeline.</summary>
/// <remarks>
/// An idle WebSocket then costs what its socket and cursor cost. The door takes only requests that are beyond doubt; every
/// other connection, and every refusal, goes on untouched to Kestrel and the ordinary endpoint. The folder's README says why
/// it exists and what it may never do.
/// </remarks>
internal sealed class DirectWebSocketDoor(IEnumerable<IDirectEndpoint> endpoints, DoorConditions conditions, ConnectionAdmission admission, SessionFeeds feeds, PendingHeads pending)
{
    private const int MaxHeadLength = 8 * 1024;

    // More than any path has: a path is told by the first bytes of a request.
    private const int MaxStartLength = 32;

    private readonly DirectRoute[] _routes = [.. endpoints.Select(endpoint => new DirectRoute(endpoint))];

    /// <summary>Serves a connection, or hands it on.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is null || !conditions.IsOpen)
        {
            await next(connection);
            return;
        }

        var (gone, head, place) = await ReadHeadAsync(connection);
        if (gone) return;
        if (head is null) await next(connection);
        else using (place) await ServeAsync(connection, socket, head);
    }

    private async Task<(bool Gone, UpgradeHead? Head, ConnectionPlace? Place)> ReadHeadAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;

        // A gateway that stops does not wait for a connection that says nothing.
        await using var stop = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            .UnsafeRegister(static s => ((PipeReader)s!).CancelPendingRead(), input) ?? default;
        pending.Add(connection);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                if (result.IsCanceled || (result.IsCompleted && result.Buffer.IsEmpty)) return (true, null, null);
                var head = new UpgradeHead(_routes);
                var verdict = Judge(result.Buffer, head, out var end);
                if (verdict == Verdict.Incomplete && !result.IsCompleted && result.Buffer.Length < MaxHeadLength)
                {
                    input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    continue;
                }

                // The bytes are consumed when the door takes them. Otherwise they count as not even examined, and HTTP reads
                // the same ones.
                var place = verdict == Verdict.Upgrade ? admission.TryEnter(Describe(connection, head)) : null;
                input.AdvanceTo(place is null ? result.Buffer.Start : end);
                return (false, place is null ? null : head, place);
            }
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // The client left before it said anything, or took too long to say it.
            return (true, null, null);
        }
        finally
        {
            pending.Remove(connection);
        }
    }

    private static AdmissionRequest Describe(ConnectionContext connection, UpgradeHead head) =>
        new(new HostString(head.Host!), head.Origin, (connection.RemoteEndPoint as IPEndPoint)?.Address, Acts: true, PlaceNeed.Now);

    private async Task ServeAsync(ConnectionContext connection, Socket socket, UpgradeHead head)
    {
        socket.Blocking = false;
        // Nothing is sent to the client before it subscribes.
        var sender = DirectUpgrade.CreateSender(feeds, socket, connection);
        try
        {
            await head.Route!.Endpoint.ServeAsync(connection, new DirectUpgrade(connection, socket, head, sender));
        }
        finally
        {
            await feeds.RemoveAsync(sender);
        }
    }

    private bool CanBegin(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[MaxStartLength];
        var length = (int)Math.Min(first.Length, buffer.Length);
        buffer.Slice(0, length).CopyTo(first);
        foreach (var route in _routes)
        {
            if (route.CanBegin(first[..length])) return true;
        }

        return false;
    }

    private Verdict Judge(in ReadOnlySequence<byte> buffer, UpgradeHead head, out SequencePosition end)
    {
        end = buffer.Start;
        if (!CanBegin(buffer)) return Verdict.Ordinary;

        try
        {
            // A longer head is not for this door, whether it arrives in one piece or in many.
            if (!head.TryParse(buffer.Length > MaxHeadLength ? buffer.Slice(0, MaxHeadLength) : buffer, out end)) return Verdict.Incomplete;
            return head.IsUpgrade ? Verdict.Upgrade : Verdict.Ordinary;
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            return Verdict.Ordinary;
        }
    }
}
