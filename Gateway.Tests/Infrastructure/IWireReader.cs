using Gateway.Contracts;

namespace Gateway.Tests.Infrastructure;

/// <summary>One client that watches one session on some wire.</summary>
public interface IWireReader : IAsyncDisposable
{
    /// <summary>The next event.</summary>
    Task<SessionEvent> NextAsync();

    /// <summary>The code of the refusal when the subscription was refused.</summary>
    Task<string> RefusalAsync();
}
