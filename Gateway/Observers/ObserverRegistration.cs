namespace Gateway.Observers;

/// <summary>An observer as the host has added it.</summary>
/// <param name="Name">The name under which its place in the log is kept.</param>
/// <param name="Observe">Hands a moment to it.</param>
internal sealed record ObserverRegistration(string Name, Func<IServiceProvider, SessionMoment, CancellationToken, Task> Observe);
