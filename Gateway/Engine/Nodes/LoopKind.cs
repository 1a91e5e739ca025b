using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Goes through its body in rounds, until a condition holds, a score is reached or falls, or there have been enough.</summary>
/// <remarks>What its body led back in the last round passes through; how it came to its end is its result.</remarks>
internal sealed class LoopKind : NodeKind
{
    private const string BodyKey = "body";
    private const string RoundsKey = "max_rounds";
    private const string UntilKey = "until";
    private const string ScoreKey = "exit_on_score";
    private const string ScorePathKey = "score";
    private const int DefaultRounds = 3;
    private const int MostRounds = 10_000;
    private const decimal Fall = 10;

    /// <inheritdoc/>
    public override string Type => NodeType.Loop;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Repeats = true,
        With =
        [
            new WithKey(BodyKey, WithValue.Text, IsRequired: true),
            new WithKey(RoundsKey, WithValue.WholeNumber),
            new WithKey(UntilKey, WithValue.Expression),
            new WithKey(ScoreKey, WithValue.Number),
            new WithKey(ScorePathKey, WithValue.Expression),
        ],
    };

    /// <inheritdoc/>
    public override IEnumerable<NodeWay> Ways(NodeDefinition node)
    {
        if (With.Text(node, BodyKey) is { } body) yield return new NodeWay($"with.{BodyKey}", body, IsBody: true);
    }

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        if (With.Number(check.Definition, RoundsKey) is { } rounds && rounds is < 1 or > MostRounds) check.Report($"with.{RoundsKey}", $"A loop has 1 to {MostRounds} rounds.");
        if (With.Text(check.Definition, ScorePathKey) is not null && With.Number(check.Definition, ScoreKey) is null) check.Report($"with.{ScorePathKey}", $"The score is looked at only with '{ScoreKey}'; give it, or take the key out.");
    }

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        // The engine has begun the first round.
    }

    /// <inheritdoc/>
    public override void RoundEnded(NodeContext node)
    {
        var view = node.Node;
        if (view.Returned == 0)
        {
            node.Fail(new NodeFailure(ErrorCode.NothingCameBack, $"Round {view.Round} is over, and no node of the body led back to the loop."));
            return;
        }

        var goal = With.Number(view.Definition, ScoreKey);
        var score = goal is null ? null : Score(view);
        var before = view.Result is { } last && last.TryGetProperty("score", out var old) ? old.GetDecimal() : (decimal?)null;
        var exit = With.Text(view.Definition, UntilKey) is { } until && view.Holds(until) ? "until"
            : score >= goal ? "score"
            : before - score > Fall ? "regression"
            : view.Round >= (With.Number(view.Definition, RoundsKey) ?? DefaultRounds) ? "max_rounds"
            : null;
        if (exit is null) node.BeginRound(score is null ? null : Json.Of(("score", score)));
        else node.Complete(Json.Of(("exit", exit), ("rounds", view.Round), ("score", score)));
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;

    // Of the node nearest to the end of the body that tells one.
    private static decimal? Score(NodeView loop)
    {
        if (With.Text(loop.Definition, ScorePathKey) is { } path) return loop.Number(path);
        foreach (var node in loop.Body.Reverse())
        {
            if (node.Status == NodeStatus.Completed && node.Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number && score.TryGetDecimal(out var number)) return number;
        }

        return null;
    }
}
