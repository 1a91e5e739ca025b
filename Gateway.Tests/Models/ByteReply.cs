using System.Text;

namespace Gateway.Tests.Models;

/// <summary>What a provider sends.</summary>
/// <param name="Body">The bytes of the body, or of everything when there is no status.</param>
internal sealed record ByteReply(byte[] Body)
{
    public ByteReply(string body)
        : this(Encoding.UTF8.GetBytes(body))
    {
    }

    /// <summary>The status; 0 sends no head at all.</summary>
    public int Status { get; init; } = 200;

    public string Type { get; init; } = "text/event-stream";

    /// <summary>More lines of the head, each with its end.</summary>
    public string Head { get; init; } = "";

    /// <summary>How many bytes are sent at a time.</summary>
    public int Segment { get; init; } = int.MaxValue / 2;

    /// <summary>Whether the connection is left open behind the last byte.</summary>
    public bool StaysOpen { get; init; }

    public static ByteReply Refusal(int status, string body, string type = "application/json") => new(body) { Status = status, Type = type };
}
