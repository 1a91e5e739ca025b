using System.ComponentModel;
using Gateway.Contracts;

namespace Gateway.Client.Stores;

/// <summary>A <see cref="SessionMessage"/> to bind a view to.</summary>
public sealed class MessageView : INotifyPropertyChanged
{
    // A view that is told no name reads all properties anew.
    private static readonly PropertyChangedEventArgs All = new(null);

    private readonly SessionMessage _message;

    internal MessageView(SessionMessage message) => _message = message;

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <inheritdoc cref="SessionMessage.Kind"/>
    public MessageKind Kind => _message.Kind;

    /// <inheritdoc cref="SessionMessage.NodeId"/>
    public string? NodeId => _message.NodeId;

    /// <inheritdoc cref="SessionMessage.AgentId"/>
    public string? AgentId => _message.AgentId;

    /// <inheritdoc cref="SessionMessage.ParallelNodeId"/>
    public string? ParallelNodeId => _message.ParallelNodeId;

    /// <inheritdoc cref="SessionMessage.Iteration"/>
    public int Iteration => _message.Iteration;

    /// <inheritdoc cref="SessionMessage.Item"/>
    public int? Item => _message.Item;

    /// <inheritdoc cref="SessionMessage.Attempt"/>
    public int Attempt => _message.Attempt;

    /// <inheritdoc cref="SessionMessage.Text"/>
    public string Text => _message.Text;

    /// <inheritdoc cref="SessionMessage.Thinking"/>
    public string Thinking => _message.Thinking;

    /// <inheritdoc cref="SessionMessage.Tools"/>
    public IReadOnlyList<ToolCall> Tools => _message.Tools;

    /// <inheritdoc cref="SessionMessage.IsOpen"/>
    public bool IsOpen => _message.IsOpen;

    /// <inheritdoc cref="SessionMessage.IsHeld"/>
    public bool IsHeld => _message.IsHeld;

    /// <inheritdoc cref="SessionMessage.Prompt"/>
    public Prompt? Prompt => _message.Prompt;

    /// <inheritdoc cref="SessionMessage.Answer"/>
    public PromptAnswer? Answer => _message.Answer;

    /// <inheritdoc cref="SessionMessage.Usage"/>
    public Totals? Usage => _message.Usage;

    /// <inheritdoc cref="SessionMessage.Error"/>
    public string? Error => _message.Error;

    internal void Refresh() => PropertyChanged?.Invoke(this, All);
}
