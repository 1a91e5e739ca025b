using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Refusals;
using Gateway.Transport;

namespace Gateway.Doors.WebSockets;

/// <summary>Makes the frames that answer a connection's own frames.</summary>
internal sealed class Replies
{
    private readonly TimeProvider _time;
    private readonly ConditionalWeakTable<SessionSnapshot, byte[]> _snapshots = [];
    private readonly SharedAnswers _large;

    public Replies(LargeMessages large, TimeProvider time)
    {
        _time = time;
        _large = new SharedAnswers(large, time, Encode);
    }

    /// <summary>The answer to <c>ping</c>.</summary>
    public byte[] Pong(string? id) => Frame(ReplyNames.Pong, id, new ReplyData());

    /// <summary>The answer to a command with an id that was accepted.</summary>
    public byte[] Ack(string id, SessionAck ack) => Frame(ReplyNames.Ack, id, new ReplyData { SessionId = ack.SessionId, Seq = ack.Seq });

    /// <summary>The answer to a frame that was refused.</summary>
    public byte[] Error(string? id, string? command, string? sessionId, GatewayException refusal) =>
        Frame(ReplyNames.Error, id, new ReplyData { SessionId = sessionId, Error = refusal.Message, Code = refusal.Code, Cmd = command });

    /// <summary>Sends the folded state that a snapshot subscription starts with; all who are given one snapshot share its frame.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>: it is large, and there is no room.</exception>
    public async Task SendSnapshotAsync(FrameSender sender, SessionSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (!SharedAnswers.IsLarge(snapshot))
        {
            await sender.SendAsync(_snapshots.GetValue(snapshot, Encode));
            return;
        }

        using var reading = await _large.TakeAsync(snapshot, sender.Abort, cancellationToken);
        await sender.SendAsync(reading.Text);
    }

    private byte[] Encode(SessionSnapshot snapshot)
    {
        var frame = new SnapshotFrame { Event = ReplyNames.Snapshot, Timestamp = Now(), Seq = snapshot.LastSeq, Data = snapshot };
        var json = SharedAnswers.IsLarge(snapshot)
            ? LongTexts.Encode(frame, SnapshotSize.Characters(snapshot))
            : JsonSerializer.SerializeToUtf8Bytes(frame, ContractsJson.Wire.SnapshotFrame);
        return WebSocketFrame.Create(WebSocketMessageType.Text, json);
    }

    private byte[] Frame(string name, string? id, ReplyData data) => WebSocketFrame.Create(
        WebSocketMessageType.Text,
        JsonSerializer.SerializeToUtf8Bytes(new ReplyFrame { Event = name, Id = id, Timestamp = Now(), Data = data }, ContractsJson.Wire.ReplyFrame));

    private DateTime Now() => _time.GetUtcNow().UtcDateTime;
}
