using System.Text.Json;

namespace Gateway.Doors.AgUi;

/// <summary>A client's answer to one interrupt.</summary>
/// <param name="InterruptId">Which.</param>
/// <param name="IsCancelled">Whether the client declines to answer.</param>
/// <param name="Payload">The answer; null when there is none.</param>
internal sealed record AgUiResume(string InterruptId, bool IsCancelled, JsonElement? Payload);
