using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Transport;

/// <summary>Opens <c>/ws</c> and <c>/hub</c> before HTTP does: a plain upgrade needs no HTTP connection, context or pipeline.</summary>
/// <remarks>
/// An idle WebSocket then costs what its socket and cursor cost. Only what is beyond doubt is taken; every other
/// connection, and every refusal, goes on untouched to Kestrel and the ordinary endpoint.
/// </remarks>
internal sealed class DirectWebSocketDoor(IEnumerable<IDirectEndpoint> endpoints, ConnectionLimiter limiter, OriginPolicy origins, SessionFeeds feeds, PendingHeads pending, IOptions<HostFilteringOptions> hosts)
{
    private const int MaxHeadLength = 8 * 1024;

    private readonly Dictionary<string, IDirectEndpoint> _endpoints = endpoints.ToDictionary(endpoint => endpoint.Path, StringComparer.Ordinal);

    // As the host filter has them; none is any.
    private readonly IList<StringSegment> _hosts = hosts.Value.AllowedHosts is { Count: > 0 } allowed && !allowed.Contains("*") ? [.. allowed.Select(host => new StringSegment(host))] : [];

    /// <summary>Serves a connection, or hands it on.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is null)
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

        // A gateway that stops does not wait for one that says nothing.
        await using var stop = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            .UnsafeRegister(static s => ((PipeReader)s!).CancelPendingRead(), input) ?? default;
        pending.Add(connection);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                if (result.IsCanceled || (result.IsCompleted && result.Buffer.IsEmpty)) return (true, null, null);
                var head = new UpgradeHead();
                var verdict = Judge(result.Buffer, head, out var end);
                if (verdict == Verdict.Incomplete && !result.IsCompleted && result.Buffer.Length < MaxHeadLength)
                {
                    input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    continue;
                }

                // Consumed when it is ours; otherwise nothing was even examined, and HTTP reads the same bytes.
                var place = verdict == Verdict.Upgrade && IsHostAllowed(head.Host!) && (head.Origin is null || origins.Allows(head.Origin, new HostString(head.Host!)))
                    ? limiter.TryEnterUncounted((connection.RemoteEndPoint as IPEndPoint)?.Address, out _)
                    : null;
                input.AdvanceTo(place is null ? result.Buffer.Start : end);
                return (false, place is null ? null : head, place);
            }
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // It left before it said anything, or took too long to.
            return (true, null, null);
        }
        finally
        {
            pending.Remove(connection);
        }
    }

    private bool IsHostAllowed(string host) => _hosts.Count == 0 || HostString.MatchesAny(host, _hosts);

    private async Task ServeAsync(ConnectionContext connection, Socket socket, UpgradeHead head)
    {
        socket.Blocking = false;
        // Nothing is sent to it before it subscribes.
        var sender = DirectUpgrade.CreateSender(feeds, socket, connection);
        try
        {
            await _endpoints[head.IsHub ? GatewayPath.Hub : GatewayPath.WebSocket].ServeAsync(connection, new DirectUpgrade(connection, socket, head, sender));
        }
        finally
        {
            await feeds.RemoveAsync(sender);
        }
    }

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start) =>
        bytes.Length < start.Length ? start.StartsWith(bytes) : bytes.StartsWith(start);

    private static Verdict Judge(in ReadOnlySequence<byte> buffer, UpgradeHead head, out SequencePosition end)
    {
        end = buffer.Start;
        Span<byte> first = stackalloc byte["GET /hub".Length];
        var length = (int)Math.Min(first.Length, buffer.Length);
        buffer.Slice(0, length).CopyTo(first);
        first = first[..length];
        if (!Begins(first, "GET /ws"u8) && !Begins(first, "GET /hub"u8)) return Verdict.Ordinary;

        try
        {
            // However it arrives, in one piece or in many: a longer one is not ours.
            if (!head.TryParse(buffer.Length > MaxHeadLength ? buffer.Slice(0, MaxHeadLength) : buffer, out end)) return Verdict.Incomplete;
            return head.IsUpgrade ? Verdict.Upgrade : Verdict.Ordinary;
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            return Verdict.Ordinary;
        }
    }
}
