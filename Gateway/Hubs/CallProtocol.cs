using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Gateway.Contracts;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Gateway.Hubs;

/// <summary>A hub protocol that refuses calls it cannot read as <c>code: sentence</c>, like every other refusal.</summary>
/// <remarks>SignalR answers these before any filter sees them, and without a code.</remarks>
internal sealed partial class CallProtocol(IHubProtocol inner, ILogger<CallProtocol> logger) : IHubProtocol
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
        try
        {
            while (!inner.TryParseMessage(ref input, binder, out message))
            {
                // It consumes a message of an unknown type and reports none; SignalR would then wait in front of it for ever.
                if (input.Length == length) return false;
                length = input.Length;
            }
        }
        catch (Exception exception)
        {
            // SignalR closes the connection; where the next message would begin nobody can tell.
            LogUnreadable(inner.Name, exception.Message);
            throw;
        }

        if (message is InvocationBindingFailureMessage failure)
        {
            message = new InvocationBindingFailureMessage(failure.InvocationId!, failure.Target, ExceptionDispatchInfo.Capture(Refuse(failure.Target, binder)));
        }

        return true;
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
