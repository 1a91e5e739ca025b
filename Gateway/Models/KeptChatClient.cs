using Microsoft.Extensions.AI;

namespace Gateway.Models;

/// <summary>A client that belongs to somebody else, who disposes it.</summary>
internal sealed class KeptChatClient(IChatClient client) : DelegatingChatClient(client)
{
    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
}
