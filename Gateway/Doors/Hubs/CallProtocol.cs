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
        catch (Exception exception)
        {
            // Nobody can tell where the next message begins, so SignalR closes the connection.
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

    // SignalR hands over at most as many bytes as the largest message may have. A message that does not end within them is larger, and ends the connection.
    private void RequireEnd(long length)
    {
        if (length < CommandText.MaxBytes) return;
        limits.RefusedMessage();
        throw HubRefusal.Create(ErrorCode.MessageTooLarge, $"A message on the hub has at most {CommandText.MaxBytes} bytes.");
    }

    private HubException? CheckText(string target, in ReadOnlySequence<byte> text)
    {
        if (inner.TransferFormat != TransferFormat.Text || !StartCheck.Concerns(target)) return null;
        try
        {
            starts.Check(text);
            return null;
        }
        catch (GatewayException refusal)
        {
            return HubRefusal.Create(refusal);
        }
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
