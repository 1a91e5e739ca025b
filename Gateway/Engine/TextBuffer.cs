using System.Text;

namespace Gateway.Engine;

/// <summary>A text that grows piece by piece; who reads it twice in between gets the same string.</summary>
internal sealed class TextBuffer
{
    private string _text = string.Empty;
    private StringBuilder? _rest;

    /// <summary>How many characters it has.</summary>
    public int Length => _text.Length + (_rest?.Length ?? 0);

    /// <summary>Adds a piece.</summary>
    public void Append(string? piece) => (_rest ??= new StringBuilder()).Append(piece);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _text = string.Empty;
        _rest = null;
    }

    /// <summary>The whole text.</summary>
    public override string ToString()
    {
        if (_rest is null) return _text;
        _text = _text.Length == 0 ? _rest.ToString() : string.Concat(_text, _rest.ToString());
        _rest = null;
        return _text;
    }
}
