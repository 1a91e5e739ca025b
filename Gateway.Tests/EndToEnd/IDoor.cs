using Gateway.Contracts;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on one of the wires, with the same words on each.</summary>
/// <remarks>A command answers with the seq at which it took effect.</remarks>
public interface IDoor : IAsyncDisposable
{
    /// <summary>Starts a session and watches it from its first event.</summary>
    Task<long> StartAsync(StartSession start);

    Task<long> PauseAsync(string sessionId);

    Task<long> ResumeAsync(string sessionId);

    Task<long> CancelAsync(string sessionId);

    Task<long> SayAsync(string sessionId, UserInput input);

    /// <summary>The next event of the session that is watched.</summary>
    Task<Frame> NextAsync();
}
