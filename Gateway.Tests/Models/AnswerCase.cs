using System.Text;

namespace Gateway.Tests.Models;

/// <summary>What a provider sends, and what must come of it.</summary>
public sealed class AnswerCase
{
    /// <summary>An answer of an OpenAI-compatible server.</summary>
    public AnswerCase(string name, string wire) => (Name, Wire) = (name, Encoding.UTF8.GetBytes(wire));

    public AnswerCase(string name, byte[] wire) => (Name, Wire) = (name, wire);

    public string Name { get; }

    public byte[] Wire { get; }

    /// <summary>The text, whole or up to the failure.</summary>
    public string Text { get; set; } = "";

    public string Thinking { get; set; } = "";

    /// <summary>What the failure must say; null when the answer is whole.</summary>
    public string? Failure { get; set; }

    /// <summary>"input/output"; null when nothing is to be known; not looked at when empty.</summary>
    public string? Usage { get; set; } = "";

    public string Provider { get; set; } = "openai";

    public string Type { get; set; } = "text/event-stream";

    public override string ToString() => $"{Provider}: {Name}";
}
