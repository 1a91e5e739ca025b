using Gateway.Contracts;

namespace Gateway.Tests.Inbox;

/// <summary>A client that watches the inbox on one of the wires.</summary>
public interface IInboxReader : IAsyncDisposable
{
    /// <summary>The next change.</summary>
    Task<InboxFrame> NextAsync();
}
