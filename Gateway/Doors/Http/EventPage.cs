using System.Text.Json;

namespace Gateway.Doors.Http;

/// <summary>A piece of a session's log.</summary>
/// <remarks>Only describes the answer; <see cref="EventPages"/> writes it from the stored events.</remarks>
internal sealed record EventPage
{
    /// <summary>The events in order, as on <c>/ws</c>.</summary>
    public required IReadOnlyList<JsonElement> Events { get; init; }

    /// <summary>The session's last event at the moment; 0 before the first.</summary>
    public required long LastSeq { get; init; }

    /// <summary>Pass as <c>after_seq</c> to read on.</summary>
    public required long NextAfterSeq { get; init; }
}
