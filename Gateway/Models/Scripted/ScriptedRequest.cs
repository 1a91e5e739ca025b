using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Scripted;

/// <summary>What the scripted model understands of a request: who it is, the topic, and what was said.</summary>
/// <remarks>
/// Who it is comes from the system messages. The first thing a user says is the topic. A message with an author, or
/// a heading line such as <c># Value Defender</c>, is another agent's text; what users say later is a remark.
/// </remarks>
internal sealed partial class ScriptedRequest
{
    private const int LongestTopic = 90;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    // What stands far down in a text of megabytes tells no more about it.
    private const int LongestLook = 16 * 1024;

    // Text by text, and never put together: a request may be megabytes, and as many agents may be asked at once.
    private readonly IReadOnlyList<string> _texts;

    private ScriptedRequest(IReadOnlyList<string> texts, string instructions, string topic, IReadOnlyList<ScriptedVoice> others, string? remark, IReadOnlyList<ScriptedVoice> results)
    {
        Instructions = instructions;
        Results = results;
        _texts = texts;
        Topic = Clip(topic);
        IsChinese = Script.IsMainlyCjk(Look(topic.Length > 0 ? topic : instructions));
        Stance = StanceReader.Of(Look(instructions));
        Others = others;
        Remark = remark is null ? null : Clip(remark);
        InputTokens = texts.Sum(ScriptedPieces.Count);
    }

    /// <summary>What it is about, on one line, short enough to be quoted.</summary>
    public string Topic { get; }

    /// <summary>Whether to write Chinese.</summary>
    public bool IsChinese { get; }

    /// <summary>What the agent is there for.</summary>
    public Stance Stance { get; }

    /// <summary>What it was told about itself.</summary>
    public string Instructions { get; }

    /// <summary>What the tools it called have answered, in order.</summary>
    public IReadOnlyList<ScriptedVoice> Results { get; }

    /// <summary>What other agents said, in order.</summary>
    public IReadOnlyList<ScriptedVoice> Others { get; }

    /// <summary>The last thing a user said after the topic.</summary>
    public string? Remark { get; }

    /// <summary>How many pieces the request has, counted as the answer's are.</summary>
    public int InputTokens { get; }

    public static ScriptedRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<string> texts = [];
        var instructions = new StringBuilder(options?.Instructions).AppendLine();
        var topic = "";
        string? remark = null;
        List<ScriptedVoice> others = [];
        List<ScriptedVoice> results = [];
        Dictionary<string, string> calls = [];

        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
            {
                if (content is FunctionCallContent call) calls[call.CallId] = call.Name;
                if (content is not FunctionResultContent { Result: string answered } result) continue;
                results.Add(new ScriptedVoice(calls.GetValueOrDefault(result.CallId, "a tool"), answered));
                texts.Add(answered);
            }

            texts.AddRange([message.Role.Value, message.AuthorName ?? "", message.Text]);
            if (message.Role == ChatRole.System)
            {
                instructions.AppendLine(message.Text);
                continue;
            }

            foreach (var (author, text) in Sections(message))
            {
                if (IsUser(author) && topic.Length == 0) topic = text;
                else if (IsUser(author)) remark = text;
                else others.Add(new ScriptedVoice(author!, text));
            }
        }

        // A text that has headings of its own and stands alone is the topic, whatever its headings say.
        if (topic.Length == 0 && others is [var only, ..]) topic = only.Text;

        texts.Insert(0, instructions.ToString());
        return new ScriptedRequest(texts, texts[0].Trim(), topic, others, remark, results);
    }

    /// <summary>The number that the request shows last for a member of this name, in JSON that somebody wrote; null when it shows none.</summary>
    public double? LastNumber(string name)
    {
        var key = $"\"{name}\":";
        foreach (var text in _texts.Reverse())
        {
            var at = text.LastIndexOf(key, StringComparison.Ordinal);
            if (at < 0) continue;
            var rest = text.AsSpan(at + key.Length).TrimStart();
            var end = rest.IndexOfAnyExcept(Digits);
            if (double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return number;
        }

        return null;
    }

    /// <summary>A number that is the same for the same seed and the same request (FNV-1a).</summary>
    public ulong Fingerprint(int seed)
    {
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var text in _texts)
        {
            foreach (var unit in text) hash = (hash ^ unit) * 1099511628211UL;

            // Between two texts stands what is in neither.
            hash = (hash ^ '\u001f') * 1099511628211UL;
        }

        return hash;
    }

    private static string Look(string text) => text.Length <= LongestLook ? text : text[..LongestLook];

    private static bool IsUser(string? author) =>
        author is null
        || author.StartsWith("user", StringComparison.OrdinalIgnoreCase)
        || author.Trim().ToLowerInvariant() is "input" or "topic" or "task" or "question" or "主题" or "题目" or "问题" or "任务" or "用户";

    private static IEnumerable<(string? Author, string Text)> Sections(ChatMessage message)
    {
        var author = message.AuthorName ?? (message.Role == ChatRole.Assistant ? "the previous speaker" : null);

        // A section is a piece of the text as it stands, so one without headings is the text itself: it may be megabytes.
        var text = message.Text;
        var from = 0;
        for (var at = 0; at <= text.Length;)
        {
            var end = text.IndexOf('\n', at);
            if (end < 0) end = text.Length;
            if (ScriptedHeading.AuthorOf(text.AsSpan(at, end - at)) is { } speaker)
            {
                if (text[from..at].Trim() is { Length: > 0 } before) yield return (author, before);
                from = Math.Min(end + 1, text.Length);
                author = speaker;
            }

            at = end + 1;
        }

        if (text[from..].Trim() is { Length: > 0 } rest) yield return (author, rest);
    }

    // "Topic: tea" on one line: the label is not part of the topic.
    private static string Clip(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        line = Label().Replace(line, "").Trim().TrimEnd('.', '。', ';', ',').Trim('"', '“', '”', '「', '」', ' ');
        if (line.Length <= LongestTopic) return line;

        var end = 0;
        for (var at = 0; at < line.Length; at += StringInfo.GetNextTextElementLength(line, at))
        {
            if (at > LongestTopic) break;
            // Cut between words, or between letters where a text has no spaces.
            if (char.IsWhiteSpace(line[at]) || Script.IsCjk(line[at]) || end == 0 && at > LongestTopic - 4) end = at;
        }
        return line[..end].TrimEnd() + "…";
    }

    [GeneratedRegex(@"^(topic|input|task|question|subject|主题|题目|问题|任务)\s*[:：]\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
