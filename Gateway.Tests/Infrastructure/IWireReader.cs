using Gateway.Contracts;

namespace Gateway.Tests.Infrastructure;

/// <summary>One client that watches one session on some wire.</summary>
/// <remarks>One whose connection is refused, and not its subscription, fails to connect with an <see cref="HttpRequestException"/> that has the status.</remarks>
public interface IWireReader : IAsyncDisposable
{
    /// <summary>The next event.</summary>
    Task<SessionEvent> NextAsync();

    /// <summary>Completes when the session's events have ended; fails when one more comes.</summary>
    Task EndAsync();

    /// <summary>The code of the refusal when the subscription was refused.</summary>
    Task<string> RefusalAsync();
}
