using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Gateway.Delivery.Outputs;

namespace Gateway.Doors.Http;

/// <summary>Writes to the body of an HTTP response through the server: HTTP/2, TLS, test hosts, and bodies that a middleware changes.</summary>
/// <param name="body">The body.</param>
/// <param name="socket">The socket under it; null where there is none.</param>
internal sealed class ResponseOutput(PipeWriter body, Socket? socket) : FrameOutput
{
    /// <inheritdoc/>
    public override PeerProgress Peer => PeerProgress.Of(socket);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        body.Write(frames.Span);
        var flush = body.FlushAsync();
        if (!flush.IsCompletedSuccessfully) return WaitAsync(flush);
        return flush.Result.IsCompleted ? ValueTask.FromException(Gone()) : default;
    }

    private static async ValueTask WaitAsync(ValueTask<FlushResult> flush)
    {
        if ((await flush).IsCompleted) throw Gone();
    }

    private static IOException Gone() => new("The client takes no more of the response.");
}
