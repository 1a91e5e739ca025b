using System.Buffers;

namespace Gateway.Models.Scripted;

/// <summary>Reads an agent's stance from what it was told.</summary>
internal static class StanceReader
{
    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".!?。！？\n");

    private static readonly (Stance Stance, string[] Words)[] Signs =
    [
        (Stance.Judge, ["judge", "justice", "adjudicat", "arbit", "moderat", "synthes", "verdict", "weigh", "referee", "mediator", "法官", "裁", "仲裁", "主持", "综合", "权衡"]),
        (Stance.Against, ["audit", "risk", "critic", "critique", "oppos", "against", "negative", "skeptic", "sceptic", "challeng", "red team", "devil", "反方", "反对", "风险", "审计", "批评", "质疑"]),
        (Stance.For, ["defend", "advoca", "affirm", "support", "proponent", "champion", "in favour", "in favor", "argue for", "value", "正方", "支持", "辩护", "价值", "赞成"]),
        (Stance.Write, ["draft", "writer", "write", "editor", "author", "revis", "copywrit", "起草", "撰写", "编辑", "修改", "作者"]),
    ];

    /// <summary>The stance most words speak for; the first sentence, which usually says who the agent is, counts more.</summary>
    public static Stance Of(string instructions)
    {
        var text = instructions.ToLowerInvariant();
        var end = text.AsSpan().IndexOfAny(SentenceEnds);
        var who = end < 0 ? text : text[..end];

        var best = Stance.Answer;
        var most = 0;
        foreach (var (stance, words) in Signs)
        {
            var score = words.Count(w => StartsAWord(text, w)) + 2 * words.Count(w => StartsAWord(who, w));
            if (score > most) (best, most) = (stance, score);
        }
        return best;
    }

    private static bool StartsAWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            // "disadvantage" has no "advantage" in it; Chinese has no spaces to look for.
            if (at == 0 || Script.IsCjk(word[0]) || !char.IsAsciiLetter(text[at - 1])) return true;
        }
        return false;
    }
}
