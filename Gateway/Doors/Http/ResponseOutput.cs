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

    // The server copies what it is given, so what is larger than a page, a large event, is given to it as it takes it.
    private const int PieceLength = 64 * 1024;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> frames) => frames.Length <= PieceLength ? WritePieceAsync(frames) : WriteInPiecesAsync(frames);

    private async ValueTask WriteInPiecesAsync(ReadOnlyMemory<byte> frames)
    {
        for (; frames.Length > 0; frames = frames[Math.Min(frames.Length, PieceLength)..])
        {
            await WritePieceAsync(frames[..Math.Min(frames.Length, PieceLength)]);
            Owner?.Progressed();
        }
    }

    private ValueTask WritePieceAsync(ReadOnlyMemory<byte> frames)
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
