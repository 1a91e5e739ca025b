using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Transport;

namespace Gateway.Doors.Http;

/// <summary>Writes large snapshots, a little at a time as the client takes them, from one text for all who ask for the same state.</summary>
internal sealed class SnapshotTexts(LargeMessages large, TimeProvider time)
{
    private const int PieceBytes = 64 * 1024;

    private readonly SharedAnswers _answers = new(large, time, snapshot => LongTexts.Encode(snapshot, SnapshotSize.Characters(snapshot)));

    /// <summary>How many texts are being written at this moment.</summary>
    internal int Count => _answers.Count;

    /// <summary>To how many clients.</summary>
    internal int Readers => _answers.Readers;

    /// <summary>Writes one as the answer.</summary>
    public async Task WriteAsync(HttpContext context, SessionSnapshot snapshot, CancellationToken cancellationToken)
    {
        using var reading = await _answers.TakeAsync(snapshot, context.Abort, cancellationToken);
        context.RequireReading();
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = reading.Text.Length;
        for (var rest = reading.Text.AsMemory(); !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, PieceBytes)];
            if ((await context.Response.BodyWriter.WriteAsync(piece, cancellationToken)).IsCompleted) return;
            rest = rest[piece.Length..];
        }
    }
}
