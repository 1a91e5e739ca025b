namespace Gateway.Doors.Http.OpenApi;

/// <summary>What an answer that is no refusal means.</summary>
internal sealed record AnswerMetadata(int Status, string Words);
