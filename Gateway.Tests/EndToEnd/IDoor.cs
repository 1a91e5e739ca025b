using Gateway.Contracts;

namespace Gateway.Tests.EndToEnd;

/// <summary>A client on one of the wires, with the same words on each.</summary>
public interface IDoor : IAsyncDisposable
{
    /// <summary>Starts a session and watches it from its first event.</summary>
    Task StartAsync(StartSession start);

    Task PauseAsync(string sessionId);

    Task ResumeAsync(string sessionId);

    Task CancelAsync(string sessionId);

    Task SayAsync(string sessionId, UserInput input);

    /// <summary>The next event of the session that is watched.</summary>
    Task<Frame> NextAsync();
}
