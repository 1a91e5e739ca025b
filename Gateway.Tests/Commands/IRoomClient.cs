using Gateway.Contracts;

namespace Gateway.Tests.Commands;

/// <summary>A connection on one of the doors, with what the room for commands promises to connections.</summary>
internal interface IRoomClient : IAsyncDisposable
{
    /// <summary>Starts a session; null when that was accepted.</summary>
    Task<RoomRefusal?> StartAsync(StartSession start);

    /// <summary>Forks a session; null when that was accepted.</summary>
    Task<RoomRefusal?> ForkAsync(ForkSession fork);

    /// <summary>Tries a session again; null when that was accepted.</summary>
    Task<RoomRefusal?> RetryAsync(RetrySession retry);

    /// <summary>Pauses a session; null when that was accepted.</summary>
    Task<RoomRefusal?> PauseAsync(string? sessionId);

    /// <summary>Subscribes after a seq; null when that was accepted.</summary>
    Task<RoomRefusal?> SubscribeAsync(string sessionId, long afterSeq);

    /// <summary>Subscribes from a snapshot; null when that was accepted.</summary>
    Task<RoomRefusal?> SubscribeSnapshotAsync(string sessionId);

    /// <summary>The last seq of the snapshot that came with the subscription made last.</summary>
    Task<long> SnapshotSeqAsync();

    /// <summary>The next event.</summary>
    Task<(string SessionId, long Seq)> NextAsync();
}
