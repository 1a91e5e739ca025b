using Gateway.Client;
using Gateway.Client.Stores;
using Gateway.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Watch;

/// <summary>What stands on the terminal: a panel for each speaker, the question that waits, a line of status, the keys.</summary>
/// <remarks>It is drawn anew for whatever size the terminal has at that moment.</remarks>
internal sealed class Screen(string sessionId, SessionView view, TimeProvider clock) : Renderable
{
    // Narrower than this a text is no fun to read, and lower than this there is nothing of it to see.
    private const int LeastWidth = 38;
    private const int LeastHeight = 6;
    private const int BorderLines = 2;

    /// <summary>Where the connection stands.</summary>
    public GatewayConnectionState Connection { get; set; }

    /// <summary>What came of the last key.</summary>
    public string Notice { get; set; } = string.Empty;

    /// <summary>What is being written, while an answer is; else null.</summary>
    public string? Draft { get; set; }

    /// <summary>The keys, as the last line.</summary>
    public string Keys { get; set; } = string.Empty;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // One line less than there is, so that the terminal never scrolls.
        var height = Math.Max(4, options.ConsoleSize.Height - 1);
        List<IRenderable> foot = [.. Foot(maxWidth, height)];
        var panels = height - foot.Count;
        var rows = new List<Layout> { new Layout(Speakers(maxWidth, panels)).Size(panels) };
        rows.AddRange(foot.Select(line => new Layout(line).Size(1)));
        return ((IRenderable)new Layout().SplitRows([.. rows])).Render(options with { Height = height }, maxWidth);
    }

    // A line each, the least important first.
    private IEnumerable<IRenderable> Foot(int width, int height)
    {
        var question = view.Run.OpenPrompts is [var first, ..] ? first : null;
        if (height > 8 && view.Messages.LastOrDefault(message => message.Kind == MessageKind.User) is { } said)
        {
            yield return Line($"you: {said.Text}{(said.IsHeld ? "  (heard when the session goes on)" : string.Empty)}", width, Color.Blue);
        }

        if (question?.Prompt is { } prompt) yield return Line($"{question.Id} asks: {prompt.Text}", width, Color.Yellow);
        yield return Line(Status(width), width, StatusColor());
        yield return Draft is { } draft ? Line(Writing(draft, width), width, Color.White) : Line(Notice.Length > 0 ? $"{Notice}   {Keys}" : Keys, width, Color.Grey);
    }

    private IRenderable Speakers(int width, int height)
    {
        var columns = Math.Max(1, width / LeastWidth);
        var places = columns * Math.Max(1, height / LeastHeight);
        var speakers = Chosen(places);
        if (speakers.Count == 0) return new Text($"Session {sessionId}: nobody has spoken yet.");

        columns = Math.Min(columns, speakers.Count);
        var rows = speakers.Chunk(columns).ToList();
        var rest = height;
        var layouts = new List<Layout>();
        foreach (var (index, row) in rows.Index())
        {
            var own = rest / (rows.Count - index);
            rest -= own;
            layouts.Add(new Layout().SplitColumns([.. row.Select(message => new Layout(PanelOf(message, own)))]).Size(own));
        }

        return new Layout().SplitRows([.. layouts]);
    }

    // The newest of each node; where not all have room, those that speak before those that have spoken, and the new before the old.
    private List<MessageView> Chosen(int places)
    {
        var newest = view.Messages.Index().Where(m => m.Item.Kind == MessageKind.Agent).GroupBy(m => m.Item.NodeId).Select(group => group.Last());
        return [.. newest.OrderByDescending(m => m.Item.IsOpen).ThenByDescending(m => m.Index).Take(places).OrderBy(m => m.Index).Select(m => m.Item)];
    }

    private Panel PanelOf(MessageView message, int height)
    {
        var isThinking = message.Text.Length == 0 && message.Thinking.Length > 0;
        var text = isThinking ? message.Thinking : message.Text;
        if (message.Error is { } error) text += $"\n[{error}]";
        var node = view.Run.Find(message.NodeId ?? string.Empty);
        var title = message.NodeId ?? message.AgentId ?? "?";
        if (message.Iteration > 1) title += $" round {message.Iteration}";
        if (message.Attempt > 1) title += $" try {message.Attempt}";
        if (node is not null) title += $" {node.Elapsed(clock.GetUtcNow().UtcDateTime).TotalSeconds:0}s";
        var color = message.Error is not null ? Color.Red : message.IsOpen ? Color.Green : Color.Grey;
        return new Panel(new Tail(SafeText.Of(text), Math.Max(1, height - BorderLines), isThinking ? new Style(Color.Grey, decoration: Decoration.Italic) : (Style?)null))
        {
            Header = new PanelHeader(Markup.Escape($" {SafeText.Of(title)} ")),
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(color),
            Expand = true,
            Height = height,
        };
    }

    private string Status(int width)
    {
        var connection = Connection switch
        {
            GatewayConnectionState.Connected => "connected",
            GatewayConnectionState.Closed => "disconnected",
            _ => "connecting again",
        };
        var status = view.PauseReason is { } reason ? $"{view.Status} ({reason})" : view.Status;
        string[] parts = [connection, status, $"#{view.LastSeq}", Figures.Of(view.Totals), $"{view.Run.Elapsed(clock.GetUtcNow().UtcDateTime).TotalSeconds:0}s at work", sessionId];

        // What does not fit goes from the end.
        var line = parts[0];
        foreach (var part in parts[1..])
        {
            if (line.Length + part.Length + 3 <= width) line += $" | {part}";
        }

        return line;
    }

    private Color StatusColor() => Connection != GatewayConnectionState.Connected ? Color.Red : view.Status == SessionStatus.Paused ? Color.Yellow : Color.Green;

    private static Text Line(string text, int width, Color color) => new(Begins(SafeText.Of(text).Replace('\n', ' '), width), new Style(color)) { Overflow = Overflow.Ellipsis };

    private static string Begins(string text, int width) => text.Length > width ? text[..Math.Max(0, width - 1)] + "…" : text;

    private string Writing(string draft, int width)
    {
        var line = $"> {Ends(draft, width - 3)}_";
        return line.Length + Keys.Length + 3 <= width ? $"{line}   {Keys}" : line;
    }

    private static string Ends(string text, int width) => text.Length > width ? "…" + text[^Math.Max(0, width - 1)..] : text;
}
