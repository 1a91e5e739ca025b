using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Goes through its body in rounds, until a condition holds, a score is reached or falls, or there have been enough.</summary>
/// <remarks>What its body led back in the last round passes through; how it came to its end is its result.</remarks>
internal sealed class LoopKind : NodeKind
{
    private const int DefaultRounds = 3;
    private const int MostRounds = 10_000;
    private const double Fall = 10;

    private static readonly WithKey BodyKey = new("body", WithValue.Text, IsRequired: true) { Description = "The first node of its body, whose last nodes lead back to the loop" };
    private static readonly WithKey RoundsKey = new("max_rounds", WithValue.WholeNumber) { Minimum = 1, Maximum = MostRounds, Description = "The most rounds; absent: 3" };
    private static readonly WithKey UntilKey = new("until", WithValue.Expression) { Description = "A condition, asked after each round; the loop ends when it holds" };
    private static readonly WithKey ScoreKey = new("exit_on_score", WithValue.Number) { Description = "The loop ends when a round's score reaches it, or falls by more than 10" };
    private static readonly WithKey ScorePathKey = new("score", WithValue.Expression) { Description = "Where the score is; absent: in the JSON of the last node of the body that has one" };

    /// <inheritdoc/>
    public override string Type => NodeType.Loop;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Goes through its body in rounds.",
        Repeats = true,
        With = [BodyKey, RoundsKey, UntilKey, ScoreKey, ScorePathKey],
    };

    /// <inheritdoc/>
    public override IEnumerable<NodeWay> Ways(NodeDefinition node)
    {
        if (BodyKey.Text(node) is { } body) yield return new NodeWay($"with.{BodyKey.Name}", body, IsBody: true) { Label = BodyKey.Name };
    }

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        if (ScorePathKey.Text(check.Definition) is not null && ScoreKey.Number(check.Definition) is null) check.Report($"with.{ScorePathKey.Name}", $"The score is looked at only with '{ScoreKey.Name}'; give it, or take the key out.");
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

        var goal = ScoreKey.Number(view.Definition);
        var score = goal is null ? null : Score(view);
        var before = view.Result is { } last && last.TryGetProperty("score", out var old) ? old.GetDecimal() : (decimal?)null;
        var exit = UntilKey.Text(view.Definition) is { } until && view.Holds(until) ? "until"
            : score >= goal ? "score"
            // As doubles, which no score that a model makes up is too large for.
            : (double?)before - (double?)score > Fall ? "regression"
            : view.Round >= (RoundsKey.WholeNumber(view.Definition) ?? DefaultRounds) ? "max_rounds"
            : null;
        if (exit is null) node.BeginRound(score is null ? null : Json.Of(("score", score)));
        else node.Complete(Json.Of(("exit", exit), ("rounds", view.Round), ("score", score)));
    }

    /// <inheritdoc/>
    public override NodeOutput Output(NodeView node) => NodeOutput.Passed;

    // Of the node nearest to the end of the body that tells one.
    private static decimal? Score(NodeView loop)
    {
        if (ScorePathKey.Text(loop.Definition) is { } path) return loop.Number(path);
        foreach (var node in loop.Body.Reverse())
        {
            if (node.Status == NodeStatus.Completed && node.Json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number && score.TryGetDecimal(out var number)) return number;
        }

        return null;
    }
}
