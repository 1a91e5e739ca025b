namespace Gateway.Contracts;

/// <summary>A command that steers a session; it goes from the door to the engine as it is.</summary>
public interface ISessionCommand
{
    /// <summary>The session; null: the one this connection last started or subscribed to.</summary>
    string? SessionId { get; }
}
