using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Workflows;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Doors.Hubs;

/// <summary>A hub protocol that refuses calls it cannot read as <c>code: sentence</c>, like every other refusal.</summary>
/// <remarks>SignalR answers these before any filter sees them, and without a code.</remarks>
internal sealed partial class CallProtocol(IHubProtocol inner, ClientLimits limits, InlineWorkflow definitions, ILogger<CallProtocol> logger) : IHubProtocol
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int Version => inner.Version;

    /// <inheritdoc/>
    public TransferFormat TransferFormat => inner.TransferFormat;

    /// <inheritdoc/>
    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    /// <inheritdoc/>
    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    /// <inheritdoc/>
    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var length = input.Length;
        var before = input;
        try
        {
            while (!inner.TryParseMessage(ref input, binder, out message))
            {
                // It consumes a message of an unknown type and reports none; SignalR would then wait in front of it for ever.
                if (input.Length == length)
                {
                    RequireEnd(length);
                    return false;
                }

                length = input.Length;
                before = input;
            }
        }
        catch (Exception exception)
        {
            // SignalR closes the connection; where the next message would begin nobody can tell.
            LogUnreadable(inner.Name, exception.Message);
            throw;
        }

        var (id, target, unbound) = message switch
        {
            InvocationBindingFailureMessage failure => (failure.InvocationId, failure.Target, Refuse(failure.Target, binder)),
            InvocationMessage call => (call.InvocationId, call.Target, null),
            _ => default,
        };
        if (target is not null && CheckText(target, before.Slice(0, input.Start)) is { } refusal) unbound = refusal;
        if (unbound is not null) message = new InvocationBindingFailureMessage(id!, target!, ExceptionDispatchInfo.Capture(unbound));
        return true;
    }

    // SignalR gives no more than the largest message may have: what does not end within it is larger, and ends the connection.
    private void RequireEnd(long length)
    {
        if (length < HubServices.MaxMessageLength) return;
        limits.RefusedMessage();
        throw new HubException($"{ErrorCode.MessageTooLarge}: A message on the hub has at most {HubServices.MaxMessageLength} bytes.");
    }

    private HubException? CheckText(string target, in ReadOnlySequence<byte> text)
    {
        if (inner.TransferFormat != TransferFormat.Text || !StartCheck.Concerns(target)) return null;
        try
        {
            StartCheck.Check(text, definitions);
            return null;
        }
        catch (GatewayException refusal)
        {
            return new HubException($"{refusal.Code}: {refusal.Message}");
        }
    }

    private static HubException Refuse(string target, IInvocationBinder binder)
    {
        try
        {
            return new HubException($"{ErrorCode.InvalidData}: '{target}' takes {binder.GetParameterTypes(target).Count} argument(s); their number or the shape of one is wrong.");
        }
        catch (Exception)
        {
            // The binder throws for a method that the hub does not have.
            return new HubException($"{ErrorCode.UnknownCommand}: The hub has no method '{target}'.");
        }
    }

    [LoggerMessage(EventId = 4003, Level = LogLevel.Debug, Message = "A hub client sent what is no {Protocol} message: {Reason}")]
    private partial void LogUnreadable(string protocol, string reason);
}
