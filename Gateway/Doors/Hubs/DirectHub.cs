using System.IO.Pipelines;
using System.Net.WebSockets;
using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.Hubs;

/// <summary>Runs SignalR on a connection that was opened without HTTP: as on a bare TCP connection, with its messages in WebSocket frames.</summary>
/// <remarks>For clients that skip the negotiation; the others come through SignalR's own endpoint.</remarks>
internal sealed class DirectHub : IDirectEndpoint
{
    // A call is read where it arrives: one connection's calls run one after another anyway.
    private static readonly PipeOptions InputOptions = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: 32 * 1024, resumeWriterThreshold: 16 * 1024, useSynchronizationContext: false);

    private readonly ConnectionDelegate _hub;
    private readonly TimeSpan _closeTimeout;
    private readonly LargeMessages _large;
    private readonly TimeProvider _time;

    /// <summary>Creates it; the hub's services are there.</summary>
    public DirectHub(IServiceProvider services, IOptions<GatewayWebSocketOptions> options, LargeMessages large, TimeProvider time)
    {
        _large = large;
        _hub = new ConnectionBuilder(services).UseHub<WorkflowHub>().Build();
        _closeTimeout = options.Value.CloseTimeout;
        _time = time;
    }

    /// <inheritdoc/>
    public string Path => GatewayPath.Hub;

    /// <inheritdoc/>
    /// <remarks>None: a negotiated connection has its id there, which is SignalR's, and a client may have its token there.</remarks>
    public IReadOnlyList<string> Parameters => [];

    /// <inheritdoc/>
    public async Task ServeAsync(ConnectionContext connection, DirectUpgrade upgrade)
    {
        using var socket = upgrade.Accept();
        if (socket is not null) await RunAsync(connection, socket, upgrade.Sender);
    }

    private async Task RunAsync(ConnectionContext connection, WebSocket socket, FrameSender sender)
    {
        var format = new TransferFormatFeature();
        var input = new Pipe(InputOptions);
        var transport = connection.Transport;
        connection.Features.Set<ITransferFormatFeature>(format);
        connection.Features.Set(new DirectSenderFeature(sender));
        using var reader = new CallReader(input.Reader, _large);
        connection.Features.Set(reader);
        connection.Transport = new DuplexPipe(reader, new FramePipeWriter(sender, () => format.MessageType));

        var received = ReceiveAsync(socket, input.Writer);
        try
        {
            var hub = _hub(connection);
            await Task.WhenAny(hub, received);

            // The hub may have something to write to a client that leaves and does not read: it would never end.
            using var timeout = sender.AbortAfter(_closeTimeout);
            await hub;
        }
        finally
        {
            // Before Kestrel looks at it again.
            connection.Transport = transport;
        }

        // Lets go of a receiver that waits for the hub to take what it has read.
        await input.Reader.CompleteAsync();
        await CloseAsync(socket, sender, received);
    }

    private static async Task ReceiveAsync(WebSocket socket, PipeWriter output)
    {
        try
        {
            while (true)
            {
                // Waits without a buffer, so that an idle connection holds none.
                var first = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (first.MessageType == WebSocketMessageType.Close) break;
                if (first.EndOfMessage) continue;

                var received = await socket.ReceiveAsync(output.GetMemory(), CancellationToken.None);
                output.Advance(received.Count);
                var flush = await output.FlushAsync();
                if (flush.IsCompleted) await DiscardAsync(socket);
                if (flush.IsCompleted || flush.IsCanceled) break;
            }
        }
        catch (Exception exception) when (IsLeaving(exception))
        {
            // Leaving without a goodbye is an ordinary end.
        }
        finally
        {
            await output.CompleteAsync();
        }
    }

    // The hub has ended; what is left to come is the client's close frame.
    private static async Task DiscardAsync(WebSocket socket)
    {
        var buffer = new byte[256];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
            // Goes on to the next.
        }
    }

    private async Task CloseAsync(WebSocket socket, FrameSender sender, Task received)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var timeout = sender.AbortAfter(_closeTimeout);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }

            await received.WaitAsync(_closeTimeout, _time);
        }
        catch (Exception exception) when (IsLeaving(exception) || exception is TimeoutException)
        {
            // It did not answer: the connection is dropped.
        }
    }

    private static bool IsLeaving(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private sealed class TransferFormatFeature : ITransferFormatFeature
    {
        public TransferFormat SupportedFormats => TransferFormat.Binary | TransferFormat.Text;

        public TransferFormat ActiveFormat { get; set; } = TransferFormat.Text;

        public WebSocketMessageType MessageType => ActiveFormat == TransferFormat.Binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
    }
}
