using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Delivery.Wires;

/// <summary>The <c>error</c> that tells a reader why it gets no more of a session; it is in no log and has no seq.</summary>
internal static class SessionRefusal
{
    /// <summary>As an event without a seq, which each wire puts into its own form.</summary>
    public static SessionEvent<ExecutionError> Create(string sessionId, GatewayException refusal, DateTime now) => new()
    {
        Seq = 0,
        Timestamp = now,
        Data = new ExecutionError { SessionId = sessionId, Code = refusal.Code, Error = refusal.Message },
    };

    /// <summary>As JSON, like the <c>error</c> that answers a command on <c>/ws</c>.</summary>
    public static byte[] ToJson(SessionEvent<ExecutionError> refusal) => JsonSerializer.SerializeToUtf8Bytes(
        new ReplyFrame
        {
            Event = ReplyNames.Error,
            Timestamp = refusal.Timestamp,
            Data = new ReplyData { SessionId = refusal.SessionId, Error = refusal.Data.Error, Code = refusal.Data.Code },
        },
        ContractsJson.Wire.ReplyFrame);

    /// <summary>The session has been deleted under its readers.</summary>
    public static GatewayException Deleted(string sessionId) => new(ErrorCode.UnknownSession, $"Session '{sessionId}' has been deleted.");

    /// <summary>The session's log cannot be read on.</summary>
    public static GatewayException Damaged(string sessionId, Exception damage) =>
        new(ErrorCode.LogDamaged, $"The log of session '{sessionId}' is damaged and cannot be read on: {damage.Message}");
}
