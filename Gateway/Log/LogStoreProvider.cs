namespace Gateway.Log;

/// <summary>A row in the table of stores.</summary>
/// <param name="Name">What <c>Gateway:Storage:Provider</c> says to choose it.</param>
/// <param name="Open">Opens the store; throws <see cref="StorageException"/> with a sentence for operators.</param>
internal sealed record LogStoreProvider(string Name, Func<IServiceProvider, ILogStore> Open);
