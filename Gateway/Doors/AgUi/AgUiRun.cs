using System.Text.Json.Nodes;

namespace Gateway.Doors.AgUi;

/// <summary>A run as one client asked for it; several may look at one session.</summary>
/// <param name="ThreadId">The conversation, by the client's name for it.</param>
/// <param name="RunId">The run, by the client's name for it.</param>
/// <param name="Messages">The client's own messages, which a snapshot of all messages has to repeat.</param>
internal sealed record AgUiRun(string ThreadId, string RunId, IReadOnlyList<JsonObject> Messages);
