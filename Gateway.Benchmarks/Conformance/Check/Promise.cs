namespace Gateway.Benchmarks.Conformance.Check;

/// <summary>What a client owes to those who use it; the names are in the answers of the kit.</summary>
internal static class Promise
{
    /// <summary>The recording can be read, and is one of this session.</summary>
    public const string Readable = "readable";

    /// <summary>The fault has happened: a run without it proves nothing.</summary>
    public const string Tried = "tried";

    /// <summary>Every event reaches the application.</summary>
    public const string Complete = "complete";

    /// <summary>No event reaches it twice.</summary>
    public const string Once = "once";

    /// <summary>Events reach it in the order of their seq.</summary>
    public const string Ordered = "ordered";

    /// <summary>Events say what the log says, and no others appear.</summary>
    public const string Faithful = "faithful";

    /// <summary>The text that is shown at the end is what the gateway knows each node to have said.</summary>
    public const string Text = "text";

    /// <summary>Every question is shown.</summary>
    public const string Prompts = "prompts";

    /// <summary>Every command has one answer, or is told to be lost.</summary>
    public const string Answered = "answered";

    /// <summary>After a fault the client goes on.</summary>
    public const string Returned = "returned";

    /// <summary>A close that says not to come back is obeyed, and told.</summary>
    public const string Obeyed = "obeyed";

    /// <summary>The client comes to an end by itself.</summary>
    public const string Ended = "ended";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Readable, Tried, Complete, Once, Ordered, Faithful, Text, Prompts, Answered, Returned, Obeyed, Ended];
}
