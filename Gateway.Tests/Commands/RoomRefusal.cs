namespace Gateway.Tests.Commands;

/// <summary>What a door answered instead of what was asked.</summary>
internal sealed record RoomRefusal(string Code, string Sentence);
