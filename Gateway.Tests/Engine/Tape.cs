namespace Gateway.Tests.Engine;

/// <summary>Random choices read from bytes; when those run out, always the first choice. Shrinks well.</summary>
internal sealed class Tape(byte[] bytes)
{
    private int _position;

    public bool IsAtEnd => _position >= bytes.Length;

    public int Next(int choices) => IsAtEnd ? 0 : bytes[_position++] % choices;
}
