using System.Globalization;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Workflows;

namespace Gateway.Engine.Nodes;

/// <summary>Counts the ballots of the nodes before it: JSON with a <c>decision</c> (yes, no, abstain) or a <c>score</c> (0 to 100), and a <c>reasoning</c>.</summary>
/// <remarks>It says what came of it; the count is its result. Abstentions and what is no ballot do not count, and without a ballot nothing is approved.</remarks>
internal sealed class VoteKind : NodeKind
{
    private const string YesNo = "yes_no";
    private const string ByScore = "score";
    private const string Approve = "approve";
    private const string Reject = "reject";
    private const decimal DefaultThreshold = 0.67m;

    private static readonly WithKey KindKey = new("kind", WithValue.Text) { Choices = [YesNo, ByScore], Description = "What a ballot says: a decision, or a score from 0 to 100; absent: yes_no" };
    private static readonly WithKey ThresholdKey = new("threshold", WithValue.Number) { Minimum = 0, ExcludesMinimum = true, Maximum = 1, Description = "The share of yes, or the mean score in hundredths, that is enough, such as 0.67 for two thirds; absent: 0.67" };
    private static readonly WithKey QuorumKey = new("quorum", WithValue.WholeNumber) { Minimum = 1, Description = "How many ballots must count; absent: 1" };
    private static readonly WithKey TieKey = new("tie", WithValue.Text) { Choices = [Approve, Reject], Description = "What follows when as many say yes as no; absent: reject" };

    /// <inheritdoc/>
    public override string Type => NodeType.Vote;

    /// <inheritdoc/>
    public override NodeRules Rules { get; } = new()
    {
        Description = "Counts the ballots of the nodes that lead to it.",
        With = [KindKey, ThresholdKey, QuorumKey, TieKey],
    };

    /// <inheritdoc/>
    public override void Check(NodeCheck check)
    {
        // Each node that leads here casts one ballot at most.
        if (QuorumKey.WholeNumber(check.Definition) is { } quorum && quorum > check.Before) check.Report($"with.{QuorumKey.Name}", $"The vote needs {quorum} ballots, but only {check.Before} nodes lead to it; lower the quorum, or lead more nodes here.");
    }

    /// <inheritdoc/>
    public override void Start(NodeContext node)
    {
        var view = node.Node;
        var count = new Count(view.Before.Where(before => before.HasLedTo(view.Id)), KindKey.Text(view.Definition) == ByScore);
        var threshold = ThresholdKey.Number(view.Definition) ?? DefaultThreshold;
        var quorum = QuorumKey.WholeNumber(view.Definition) ?? 1;
        var approved = count.Counted >= quorum && (count.IsTied ? TieKey.Text(view.Definition) == Approve : count.Share >= threshold);
        node.Say($"{(approved ? "Approved" : "Not approved")}: {count.Words(threshold)}{(count.Counted < quorum ? $" {quorum:0} ballots are needed." : string.Empty)}");
        node.Complete(Json.Of(
            ("approved", approved),
            ("share", count.Share is { } share ? Math.Round(share, 4) : null),
            ("yes", count.Yes),
            ("no", count.No),
            ("abstain", count.Abstained),
            ("invalid", count.Invalid),
            ("counted", count.Counted),
            ("ballots", count.Ballots)));
    }

    private sealed class Count
    {
        private readonly List<JsonElement> _ballots = [];
        private readonly bool _byScore;
        private decimal _scores;

        public Count(IEnumerable<NodeView> voters, bool byScore)
        {
            _byScore = byScore;
            foreach (var voter in voters) Add(voter);
        }

        public IReadOnlyList<JsonElement> Ballots => _ballots;

        public int? Yes { get; private set; }

        public int? No { get; private set; }

        public int Abstained { get; private set; }

        public int Invalid { get; private set; }

        public int Counted { get; private set; }

        public bool IsTied => !_byScore && Counted > 0 && Yes == No;

        public decimal? Share => Counted == 0 ? null : _byScore ? _scores / Counted / 100 : (decimal)Yes!.Value / Counted;

        public string Words(decimal threshold)
        {
            var asked = string.Create(CultureInfo.InvariantCulture, $"{threshold * 100:0.##} %");
            if (Counted == 0) return "no ballot counts.";
            return _byScore
                ? string.Create(CultureInfo.InvariantCulture, $"a mean score of {_scores / Counted:0.##} in {Counted} ballots, where {asked} is asked for.")
                : string.Create(CultureInfo.InvariantCulture, $"{Yes} yes and {No} no, where {asked} is asked for.");
        }

        private void Add(NodeView voter)
        {
            var ballot = voter.Json is { ValueKind: JsonValueKind.Object } json ? json : default(JsonElement?);
            var decision = Text(ballot, "decision")?.Trim().ToLowerInvariant();
            var score = ballot is { } given && given.TryGetProperty("score", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetDecimal(out var value) && value is >= 0 and <= 100 ? value : (decimal?)null;
            if (!_byScore) (Yes, No) = (Yes ?? 0, No ?? 0);
            if (decision == "abstain")
            {
                Abstained++;
            }
            else if (_byScore && score is { } points)
            {
                _scores += points;
                Counted++;
            }
            else if (!_byScore && decision is "yes" or "no")
            {
                if (decision == "yes") Yes++;
                else No++;
                Counted++;
            }
            else
            {
                Invalid++;
                decision = "invalid";
            }

            _ballots.Add(Json.Of(("node", voter.Id), ("decision", decision), ("score", score), ("reasoning", Text(ballot, "reasoning"))));
        }

        private static string? Text(JsonElement? ballot, string member) =>
            ballot is { } json && json.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
    }
}
