namespace Gateway.Models.Scripted;

/// <summary>Writes a short, coherent text on the topic out of prepared sentences.</summary>
/// <param name="request">What was asked.</param>
/// <param name="random">Chooses the sentences.</param>
/// <param name="language">The sentences to choose from.</param>
internal sealed class ScriptedWriter(ScriptedRequest request, ScriptedRandom random, ScriptedLanguage language)
{
    private const int LongestResult = 500;

    private readonly ScriptedPhrases _phrases = language.Phrases[request.Stance];

    /// <summary>A writer in the language of the request.</summary>
    public static ScriptedWriter For(ScriptedRequest request, ScriptedRandom random) =>
        new(request, random, request.IsChinese ? ChinesePhrases.Language : EnglishPhrases.Language);

    /// <summary>What the agent thinks before it speaks: two sentences.</summary>
    public string Reasoning() =>
        string.Join(language.Space, random.Shuffled(_phrases.Thoughts).Take(2).Select(Fill)) + "\n";

    /// <summary>The text: an opening, points and replies to the others, and an ending.</summary>
    public string Answer()
    {
        var opening = Fill(random.Pick(_phrases.Openings));
        var closing = Fill(random.Pick(_phrases.Closings));
        string[] replies = [.. Replies()];
        var wanted = language.Shortest + random.Next(language.Spread);

        List<string> points = [];
        var length = language.Measure(opening) + language.Measure(closing) + replies.Sum(language.Measure);
        foreach (var point in random.Shuffled(_phrases.Points).Select(Fill))
        {
            if (length >= wanted && points.Count >= 2) break;
            points.Add(point);
            length += language.Measure(point);
        }

        // The first half leads up to what the others said, the second answers it.
        var half = (points.Count + 1) / 2;
        string[] paragraphs =
        [
            .. request.Results.Select(result => $"{result.Author}: {(result.Text.Length <= LongestResult ? result.Text : result.Text[..LongestResult] + "...")}"),
            Join([opening, .. points.Take(half)]),
            Join([.. replies, .. points.Skip(half)]),
            closing,
        ];
        return string.Join("\n\n", paragraphs.Where(p => p.Length > 0));
    }

    private IEnumerable<string> Replies()
    {
        // A judge hears everyone (the last two when there are many); the others answer whoever spoke last.
        var heard = request.Others.TakeLast(request.Stance is Stance.Judge ? 2 : 1).ToArray();
        var frames = random.Shuffled(_phrases.Replies);
        for (var i = 0; i < heard.Length; i++)
        {
            if (heard[i].Quotable(language.LongestQuote) is { Length: > 0 } quote)
            {
                yield return Fill(frames[i % frames.Length]).Replace("{other}", heard[i].Author, StringComparison.Ordinal).Replace("{quote}", quote, StringComparison.Ordinal);
            }
        }

        if (request.Remark is { Length: > 0 } remark)
        {
            yield return random.Pick(language.Remarks).Replace("{remark}", remark, StringComparison.Ordinal);
        }
    }

    private string Fill(string sentence) =>
        sentence.Replace("{topic}", request.Topic.Length == 0 ? language.NoTopic : language.Quoted(request.Topic), StringComparison.Ordinal);

    private string Join(string[] sentences) => string.Join(language.Space, sentences);
}
