using Microsoft.Extensions.AI;

namespace Gateway.Models;

/// <summary>A model that the host registered by itself.</summary>
internal sealed class HostModelProvider(string name, Func<IServiceProvider, IChatClient> client, IServiceProvider services) : IModelProvider
{
    public string Name => name;

    public bool IsLocal => false;

    public bool HasOwnModel => true;

    public IEnumerable<string> FindProblems(string setting, ModelOptions options) => [];

    public IChatClient CreateClient(string name, ModelOptions options) => client(services);
}
