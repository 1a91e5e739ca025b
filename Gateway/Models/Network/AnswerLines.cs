namespace Gateway.Models.Network;

/// <summary>The lines of a provider's answer, as they arrive; a line ends with a line feed, a carriage return, or both.</summary>
/// <param name="stream">The body of the answer.</param>
internal sealed class AnswerLines(Stream stream)
{
    // Whole answers may come as one line; more than this no model writes.
    private const int LongestLine = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private bool _isOver;

    // A line that ended with a carriage return is given out at once: its line feed may be yet to come, or never come.
    private bool _afterReturn;

    /// <summary>Whether more has arrived than was taken.</summary>
    public bool HasMore
    {
        get
        {
            SkipLineFeed();
            return _start < _end;
        }
    }

    /// <summary>Whether the last line had no end of its own: the answer may have been cut within it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null at the end of the answer.</summary>
    /// <exception cref="UnreadableAnswerException">The line is longer than any answer.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        SkipLineFeed();
        var searched = _start;
        while (true)
        {
            var at = _buffer.AsSpan(searched, _end - searched).IndexOfAny((byte)'\n', (byte)'\r');
            if (at >= 0)
            {
                _afterReturn = _buffer[searched + at] == (byte)'\r';
                return Take(searched + at, searched + at + 1);
            }

            if (_isOver)
            {
                if (_start == _end) return null;
                IsCut = true;
                return Take(_end, _end);
            }

            MakeRoom();
            searched = _end;
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _isOver = read == 0;
            _end += read;
            if (SkipLineFeed()) searched = _start;
        }
    }

    private bool SkipLineFeed()
    {
        if (!_afterReturn || _start == _end) return false;
        _afterReturn = false;
        if (_buffer[_start] != (byte)'\n') return false;
        _start++;
        return true;
    }

    private ReadOnlyMemory<byte> Take(int end, int next)
    {
        var line = _buffer.AsMemory(_start, end - _start);
        _start = next;
        return line;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length) return;
        if (_end >= LongestLine) throw new UnreadableAnswerException();
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
