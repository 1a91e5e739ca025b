namespace Gateway.Models;

/// <summary>A provider sent something that is not of its API.</summary>
internal sealed class UnreadableAnswerException() : Exception("The provider sent something that cannot be read.");
