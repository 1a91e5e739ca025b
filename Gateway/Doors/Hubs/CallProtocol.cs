using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Refusals;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Doors.Hubs;

/// <summary>A hub protocol that refuses calls it cannot read as <c>code: sentence</c>, like every other refusal.</summary>
/// <remarks>SignalR answers these before any filter sees them, and without a code.</remarks>
internal sealed partial class CallProtocol(IHubProtocol inner, StartCheck starts, ClientLimits limits, ILogger<CallProtocol> logger) : IHubProtocol
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
                // The inner protocol consumes a message of an unknown type and reports none. SignalR would then wait for ever for the message behind it.
                if (input.Length == length)
                {
                    RequireEnd(length);
                    return false;
                }

                length = input.Length;
                before = input;
            }
        }
        catch (InvalidDataException) when (inner.TransferFormat == TransferFormat.Text && StartCheck.FindDeepCall(before.Slice(0, input.Start)) is { } call)
        {
            // SignalR's reader goes less deep than that of the other doors.
            message = Judge(new InvocationBindingFailureMessage(call.Id!, call.Target, ExceptionDispatchInfo.Capture(Refuse(call.Target, binder))), binder, before.Slice(0, input.Start));
            return true;
        }
        catch (Exception exception)
        {
            // Nobody can tell where the next message begins, so SignalR closes the connection.
            LogUnreadable(inner.Name, exception.Message);
            throw;
        }

        if (message is InvocationBindingFailureMessage or InvocationMessage) message = Judge((HubInvocationMessage)message, binder, before.Slice(0, input.Start));
        return true;
    }

    private HubInvocationMessage Judge(HubInvocationMessage message, IInvocationBinder binder, in ReadOnlySequence<byte> bytes)
    {
        var call = message as InvocationMessage;
        var failure = message as InvocationBindingFailureMessage;
        var target = call?.Target ?? failure!.Target;
        try
        {
            if (StartCheck.Concerns(target))
            {
                // MessagePack's reader passes over keys that no record has, and knows fewer forms of a definition than its text has.
                var isText = inner.TransferFormat == TransferFormat.Text;
                var read = !isText ? starts.ReadPacked(bytes) : call is null ? starts.ReadText(bytes) : starts.Check(bytes);
                if (read is { } start) return new InvocationMessage(message.InvocationId, target, [start], call?.StreamIds) { Headers = message.Headers };
            }

            if (failure is null) return message;
            starts.Explain(target, inner.TransferFormat, bytes);
        }
        catch (GatewayException refusal)
        {
            return Unbound(HubRefusal.Create(refusal));
        }

        return Unbound(Refuse(target, binder));

        InvocationBindingFailureMessage Unbound(HubException refusal) => new(message.InvocationId!, target, ExceptionDispatchInfo.Capture(refusal));
    }

    // SignalR hands over at most as many bytes as the largest message may have. A message that does not end within them is larger, and ends the connection.
    private void RequireEnd(long length)
    {
        if (length < CommandText.MaxBytes) return;
        limits.RefusedMessage();
        throw HubRefusal.Create(ErrorCode.MessageTooLarge, $"A message on the hub has at most {CommandText.MaxBytes} bytes.");
    }

    private static HubException Refuse(string target, IInvocationBinder binder)
    {
        try
        {
            return HubRefusal.Create(ErrorCode.InvalidData, $"'{target}' takes {binder.GetParameterTypes(target).Count} argument(s); their number or the shape of one is wrong.");
        }
        catch (Exception)
        {
            // The binder throws for a method that the hub does not have.
            return HubRefusal.Create(ErrorCode.UnknownCommand, $"The hub has no method '{target}'.");
        }
    }
}
