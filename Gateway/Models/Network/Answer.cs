using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>One answer of a provider, as far as it has been read.</summary>
/// <param name="thinkTags">One of the words of <see cref="ThinkTags"/>.</param>
internal sealed class Answer(string thinkTags)
{
    // After a bare finish reason only the usage can come; some servers write a reason beside each piece of text.
    private static readonly TimeSpan AfterEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterText = TimeSpan.FromSeconds(5);

    private List<AIContent> _contents = [];
    private StringBuilder? _refusal;
    private StringBuilder? _messages;
    private ThinkSection? _section;
    private JoinedText _text;
    private JoinedText _thought;
    private ReportedUsage _usage;
    private long? _choice;
    private bool _hasText;
    private bool _hasThought;
    private CallPieces? _calls;

    /// <summary>Whether the model has begun to answer.</summary>
    public bool HasBegun => _hasText || _hasThought || _calls is not null;

    /// <summary>Why the answer ended; null before its end.</summary>
    public ChatFinishReason? Finish { get; private set; }

    /// <summary>Whether nothing that follows can belong to the answer.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the answer is whole, so that a connection that breaks now takes nothing from it.</summary>
    public bool IsWhole => IsOver || Finish is not null;

    /// <summary>How long a server that leaves the connection open is listened to after the end; null while the end is not known.</summary>
    public TimeSpan? Grace { get; private set; }

    /// <summary>How often <see cref="Grace"/> began or was taken back.</summary>
    public int Ends { get; private set; }

    /// <summary>The words with which the model declined to answer; null when it did not.</summary>
    public string? Refusal => _refusal?.ToString();

    /// <summary>Whether this is the choice, of several that a server may send, that is listened to: the first.</summary>
    public bool Listens(long choice) => (_choice ??= choice) == choice;

    /// <summary>The model writes.</summary>
    public void Write(string text)
    {
        if (text.Length == 0) return;
        if (!_hasText)
        {
            _hasText = true;
            if (thinkTags == ThinkTags.Opened || (thinkTags == ThinkTags.Auto && !_hasThought)) _section = new ThinkSection(thinkTags == ThinkTags.Opened, AddThought, AddText);
        }

        GoOn();
        text = _text.Add(text);
        if (_section is null) AddText(text);
        else _section.Add(text);
    }

    /// <summary>The provider sends a message in place of a piece: the whole text so far, or one more part of it.</summary>
    public void WriteMessage(string text)
    {
        // After pieces it only repeats them.
        if (_hasText && _messages is null) return;
        _messages ??= new StringBuilder();
        var isWhole = text.Length > _messages.Length && _messages.Equals(text.AsSpan(0, _messages.Length));
        var part = isWhole ? text[_messages.Length..] : text;
        _messages.Append(part);
        Write(part);
    }

    /// <summary>The model reasons.</summary>
    public void Think(string text)
    {
        if (text.Length == 0) return;
        _hasThought = true;
        GoOn();
        AddThought(_thought.Add(text));
    }

    /// <summary>The model declines.</summary>
    public void Refuse(string text) => (_refusal ??= new StringBuilder()).Append(text);

    /// <summary>The model wants to call a tool; this is a piece of the call, see <see cref="CallPieces"/>.</summary>
    /// <exception cref="UnreadableAnswerException">There is far more than a model could mean.</exception>
    public void Call(long? index, string? id, string? name, string? arguments)
    {
        GoOn();
        (_calls ??= new CallPieces()).Add(index, id, name, arguments);
    }

    /// <summary>The model wants to call a tool, and the call is whole.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments, as an object or as a text; null when there are none.</param>
    public void CallWhole(string? name, JsonElement? arguments)
    {
        GoOn();
        (_calls ??= new CallPieces()).AddWhole(name, arguments is not { } json ? null : json.ValueKind == JsonValueKind.String ? json.ToText() : json.GetRawText());
    }

    /// <summary>The provider reports what was consumed, under these names.</summary>
    public void Count(JsonElement report, string input, string output) => _usage.Read(report, input, output);

    /// <summary>The provider says why the answer ended, as far as it does.</summary>
    /// <param name="reason">The provider's word.</param>
    /// <param name="isBare">Whether no text came with it.</param>
    /// <exception cref="ProviderStreamException">The reason is a failure.</exception>
    public void End(string? reason, bool isBare)
    {
        if (FinishReasons.Of(reason) is not { } finish) return;
        Finish = finish;
        Grace = isBare ? AfterEnd : AfterText;
        Ends++;
    }

    /// <summary>Nothing follows.</summary>
    public void Conclude() => IsOver = true;

    /// <summary>Hands on what was held back, the calls of tools, and the usage.</summary>
    public void Close()
    {
        // Text that the section still holds comes before a half that was left over.
        if (_thought.Close() is { Length: > 0 } thought) AddThought(thought);
        if (_text.Close() is { Length: > 0 } text)
        {
            if (_section is null) AddText(text);
            else _section.Add(text);
        }

        _section?.End();
        if (_calls is not null) _contents.AddRange(_calls.ToContents());
        if (_usage.ToContent() is { } usage) _contents.Add(usage);
    }

    /// <summary>What has come since the last time.</summary>
    public IList<AIContent> Take()
    {
        if (_contents.Count == 0) return [];
        var taken = _contents;
        _contents = [];
        return taken;
    }

    // A server that goes on after a finish reason does not mean it.
    private void GoOn()
    {
        if (Grace is null) return;
        Grace = null;
        Ends++;
    }

    private void AddText(string text)
    {
        if (text.Length > 0) _contents.Add(new TextContent(text));
    }

    private void AddThought(string text)
    {
        if (text.Length > 0) _contents.Add(new TextReasoningContent(text));
    }
}
