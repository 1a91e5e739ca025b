using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gateway.Models.Network;

/// <summary>Reads the pieces of an answer out of its lines, as Server-Sent Events or as lines of JSON, and as either is really written.</summary>
/// <remarks>
/// A piece is read as soon as its line is there, also without the blank line after it: servers close right behind the
/// last line, and some never send blank lines. Whatever only keeps the connection open is passed over.
/// </remarks>
internal sealed class AnswerReader : IAsyncDisposable
{
    private const int LongestPiece = 16 * 1024 * 1024;

    private static readonly string[] Heartbeats = ["heartbeat", "keepalive", "keep-alive", "ping", "pong"];

    private readonly IProviderApi _api;
    private readonly Answer _answer;
    private readonly AnswerLines _lines;
    private readonly CancellationToken _asked;
    private readonly CancellationTokenSource _reading;
    private readonly ITimer _grace;

    // A piece that is written over several lines: behind "data:", and without a frame.
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly ArrayBufferWriter<byte> _bare = new();
    private string _event = "";
    private bool _isFirst = true;
    private bool _hasPiece;
    private int _ends;

    public AnswerReader(Stream body, IProviderApi api, Answer answer, TimeProvider time, CancellationToken asked)
    {
        _api = api;
        _answer = answer;
        _asked = asked;
        _lines = new AnswerLines(body);
        _reading = CancellationTokenSource.CreateLinkedTokenSource(asked);
        _grace = time.CreateTimer(static reading => ((CancellationTokenSource)reading!).Cancel(), _reading, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Reads on; what is read is in the answer, also when this throws.</summary>
    /// <returns>Whether there is more to read.</returns>
    public async ValueTask<bool> ReadAsync()
    {
        bool isBlank;
        do
        {
            _asked.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte>? line;
            try
            {
                line = await _lines.NextAsync(_reading.Token);
            }
            catch (Exception failure) when (_answer.IsWhole && !_asked.IsCancellationRequested && failure is OperationCanceledException or IOException)
            {
                // The server left the connection open after the end, or cut it; either takes nothing from the answer.
                return false;
            }

            if (line is null)
            {
                End();
                return false;
            }

            isBlank = line.Value.IsEmpty;
            OnLine(line.Value.Span);
            if (_answer.IsOver) return false;
            Listen();
        }
        while (isBlank && _lines.HasMore);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The timer may be about to cancel the source, which is therefore disposed after it.
        await _grace.DisposeAsync();
        _reading.Dispose();
    }

    // Heartbeats after the end do not make it later.
    private void Listen()
    {
        if (_ends == _answer.Ends) return;
        _ends = _answer.Ends;
        _grace.Change(_answer.Grace ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (_isFirst && line.StartsWith(Encoding.UTF8.Preamble)) line = line[Encoding.UTF8.Preamble.Length..];
        _isFirst = false;
        line = line.TrimEnd((byte)' ');
        if (line.IsEmpty) Dispatch();
        else if (line[0] == (byte)':') return;
        else if (Is(line, "data"u8, out var data)) OnData(data);
        else if (Is(line, "event"u8, out var name)) _event = Encoding.UTF8.GetString(name);
        else if (Is(line, "error"u8, out var error)) throw Failed(error);
        else if (!Is(line, "id"u8, out _) && !Is(line, "retry"u8, out _)) OnBareLine(line);
    }

    private static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
    {
        var isField = line.StartsWith(field) && line.Length > field.Length && line[field.Length] == (byte)':';
        value = isField ? line[(field.Length + 1)..].Trim((byte)' ') : default;
        return isField;
    }

    private void OnData(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            Dispatch();
            ReadBare();
            _answer.Conclude();
        }
        else if (IsHeartbeat(_event))
        {
            return;
        }
        else if (_data.WrittenCount > 0 || (!IsHeartbeat(data) && !TryRead(data, isFramed: true)))
        {
            Keep(_data, data);
        }
    }

    // The end of an event. What was not read as its line came is a piece over several lines, or nothing that can be read.
    private void Dispatch()
    {
        if (_data.WrittenCount > 0)
        {
            if (_event == "error") throw Failed(_data.WrittenSpan);
            if (!TryRead(_data.WrittenSpan, isFramed: true)) Spoil();
            _data.ResetWrittenCount();
        }

        _event = "";
    }

    // JSON without a frame: Ollama's way, a document in place of a stream, or an error that was written past the framing.
    private void OnBareLine(ReadOnlySpan<byte> line)
    {
        // A line that says nothing, unless it is a part of a document.
        if (_bare.WrittenCount == 0 && (line.SequenceEqual("null"u8) || line.SequenceEqual("[]"u8))) return;
        if (line[0] is not ((byte)'{' or (byte)'[') || !TryRead(line, isFramed: false)) Keep(_bare, line);
        else if (_answer.IsOver && _bare.WrittenCount > 0) throw new UnreadableAnswerException();
    }

    // What is left of lines without a frame: a document over several lines, a page of HTML, or a piece that cannot be read.
    private void ReadBare()
    {
        if (_bare.WrittenCount > 0 && !TryRead(_bare.WrittenSpan, isFramed: false) && !_lines.IsCut && _bare.WrittenSpan[0] == (byte)'{') Spoil();
        _bare.ResetWrittenCount();
    }

    private void End()
    {
        // Of a piece that was cut nothing can be read, and the answer is not whole.
        var isCut = _data.WrittenCount > 0 && (_event == "error" ? throw Failed(_data.WrittenSpan) : !TryRead(_data.WrittenSpan, isFramed: true));
        ReadBare();
        if (!_answer.IsWhole && (isCut || _hasPiece)) throw new EndOfStreamException("The answer ended without its last piece.");
    }

    // What cannot be read after the end takes nothing from the answer.
    private void Spoil()
    {
        if (!_answer.IsWhole) throw new UnreadableAnswerException();
    }

    private bool TryRead(ReadOnlySpan<byte> text, bool isFramed)
    {
        if (!LenientJson.TryParse(text, out var piece)) return false;
        if (_event == "error") throw new ProviderStreamException(ProviderSentence.In(piece));
        if (ProviderSentence.InAnswer(piece) is { } error) throw error;

        // A null, or an event that says it is only there to be sent.
        if (piece.ValueKind == JsonValueKind.Null || IsHeartbeat(_event)) return true;
        if (piece.ValueKind != JsonValueKind.Object) return false;
        _hasPiece = true;
        try
        {
            _api.Read(piece, isFramed, _answer);
        }
        catch (InvalidOperationException)
        {
            // A member whose very name cannot be read.
            throw new UnreadableAnswerException();
        }

        return true;
    }

    private static bool IsHeartbeat(ReadOnlySpan<byte> data) =>
        data.IsEmpty || data[0] == (byte)':' || (data.Length <= 16 && IsHeartbeat(Encoding.UTF8.GetString(data)));

    private static bool IsHeartbeat(string word) => Heartbeats.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static ProviderStreamException Failed(ReadOnlySpan<byte> text) => new(ProviderSentence.In(text));

    private static void Keep(ArrayBufferWriter<byte> kept, ReadOnlySpan<byte> line)
    {
        if (kept.WrittenCount + line.Length > LongestPiece) throw new UnreadableAnswerException();
        kept.Write(line);
        kept.Write("\n"u8);
    }
}
