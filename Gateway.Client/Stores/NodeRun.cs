using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>Where one node of a workflow stands.</summary>
/// <remarks>The store that holds it changes it; read it on the thread that applies events to the store.</remarks>
public sealed class NodeRun
{
    private RunClock _clock;

    internal NodeRun(string id) => Id = id;

    /// <summary>Its name within the workflow.</summary>
    public string Id { get; }

    /// <summary>One of <see cref="NodeStatus"/>, or a status that this version does not know.</summary>
    public string Status { get; internal set; } = NodeStatus.Pending;

    /// <summary>Which try this is, from 1.</summary>
    public int Attempt { get; internal set; } = 1;

    /// <summary>Which round of a loop this is, from 1.</summary>
    public int Iteration { get; internal set; } = 1;

    /// <summary>Of a node that stands for an item of a map: which item, from 0; null for every other.</summary>
    public int? Item { get; internal set; }

    /// <summary>What it asks, while it waits for a user.</summary>
    public Prompt? Prompt { get; internal set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; internal set; }

    /// <summary>What its model calls consumed.</summary>
    public Totals Usage { get; internal set; } = Totals.Zero;

    /// <summary>How long it has been at work, without pauses and without waiting for a user.</summary>
    /// <param name="now">The time it is now, UTC.</param>
    /// <remarks>After a snapshot, only from there on: a snapshot does not tell when its nodes began.</remarks>
    public TimeSpan Elapsed(DateTime now) => _clock.Elapsed(now);

    internal RunClock Clock => _clock;

    internal void Run(DateTime time) => _clock.Start(time);

    internal void Stop(DateTime time) => _clock.Stop(time);
}
