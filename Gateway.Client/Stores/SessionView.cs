using System.Collections.ObjectModel;
using System.ComponentModel;
using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>Both stores of one session, to bind a view to: XAML and Blazor need no code of their own between.</summary>
/// <remarks>Apply events on the view's thread; changes are raised on it.</remarks>
/// <example>
/// <code>
/// var view = new SessionView();
/// await foreach (var e in client.ReadEventsAsync(id, view.LastSeq)) view.Apply(e);   // continues on the view's thread
/// </code>
/// </example>
public sealed class SessionView : INotifyPropertyChanged
{
    // A view that is told no name reads all properties anew.
    private static readonly PropertyChangedEventArgs All = new(null);

    private readonly ObservableCollection<MessageView> _messages = [];
    private readonly SessionStore _session = new();
    private readonly WorkflowRunStore _run = new();

    /// <summary>A view of nothing yet.</summary>
    public SessionView()
    {
        Messages = new ReadOnlyObservableCollection<MessageView>(_messages);
        _session.Changed += (_, change) => Show(change);
        _run.Changed += (_, _) => PropertyChanged?.Invoke(this, All);
    }

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>The messages, in the order in which they began.</summary>
    public ReadOnlyObservableCollection<MessageView> Messages { get; }

    /// <summary>What runs, what waits, how long and at what cost.</summary>
    public WorkflowRunStore Run => _run;

    /// <summary>The parallel nodes that have started branches, in order.</summary>
    public IReadOnlyList<ParallelGroup> Groups => _session.Groups;

    /// <inheritdoc cref="SessionStore.LastSeq"/>
    public long LastSeq => _session.LastSeq;

    /// <inheritdoc cref="WorkflowRunStore.Status"/>
    public string Status => _run.Status;

    /// <inheritdoc cref="WorkflowRunStore.PauseReason"/>
    public string? PauseReason => _run.PauseReason;

    /// <inheritdoc cref="WorkflowRunStore.Totals"/>
    public Totals Totals => _run.Totals;

    /// <summary>Applies the next event.</summary>
    public void Apply(SessionEvent sessionEvent)
    {
        _session.Apply(sessionEvent);
        _run.Apply(sessionEvent);
    }

    /// <summary>Puts the folded state in place of what is here; go on with the event after its seq.</summary>
    /// <param name="snapshot">The state of the session.</param>
    /// <param name="now">The time it is now, UTC; what runs is timed from here on.</param>
    public void Apply(SessionSnapshot snapshot, DateTime now)
    {
        _session.Apply(snapshot);
        _run.Apply(snapshot, now);
    }

    private void Show(SessionStoreChangedEventArgs change)
    {
        if (change.Message is not { } message)
        {
            if (change.IsReset) Rebuild();
            PropertyChanged?.Invoke(this, All);
        }
        else if (change.IsNew)
        {
            _messages.Add(new MessageView(message));
        }
        else
        {
            _messages[message.Index].Refresh();
        }
    }

    private void Rebuild()
    {
        _messages.Clear();
        foreach (var message in _session.Messages) _messages.Add(new MessageView(message));
    }
}
