using Gateway.Models;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>Adds up what one model call consumed: the provider's figures, else an estimate from the text.</summary>
/// <remarks>The call adds to the tally while the session may read it at any time.</remarks>
internal sealed class UsageTally(IReadOnlyList<ChatMessage> messages)
{
    private readonly Lock _gate = new();
    private TokenEstimate _written;
    private readonly Dictionary<string, Report> _reported = new(StringComparer.Ordinal);
    private bool _isTruncated;
    private long? _read;

    /// <summary>Whether there is anything to count: the provider said so, or the model wrote something.</summary>
    public bool HasAny
    {
        get
        {
            lock (_gate) return _reported.Count > 0 || _written.Tokens > 0;
        }
    }

    /// <summary>Whether the model wrote something.</summary>
    public bool HasWritten
    {
        get
        {
            lock (_gate) return _written.Tokens > 0;
        }
    }

    /// <summary>Adds text that the model wrote, its reasoning included.</summary>
    public void AddWritten(string text)
    {
        lock (_gate) _written.Add(text);
    }

    /// <summary>Takes what the provider reports.</summary>
    /// <remarks>The reports of one response are running totals; those of several, as with a client that calls tools by itself, add up.</remarks>
    /// <param name="responseId">Which response it is about; null when the client does not tell them apart.</param>
    /// <param name="details">The figures; what is missing or below 0 is not known.</param>
    public void AddReported(string? responseId, UsageDetails details)
    {
        lock (_gate)
        {
            _reported.TryGetValue(responseId ?? "", out var before);
            _reported[responseId ?? ""] = new Report(
                Most(before.Input, details.InputTokenCount),
                Most(before.Output, details.OutputTokenCount),
                Most(before.Cached, details.CachedInputTokenCount),
                Most(before.Reasoning, details.ReasoningTokenCount));
        }
    }

    /// <summary>The text was cut at a limit of tokens.</summary>
    public void Truncate()
    {
        lock (_gate) _isTruncated = true;
    }

    /// <summary>The sum, priced.</summary>
    public ModelPiece.Usage ToPiece(Model model)
    {
        lock (_gate) return SumLocked(model);
    }

    /// <summary>What was read and written by an estimate, priced, whatever the provider says.</summary>
    public ModelPiece.Usage Estimate(Model model)
    {
        lock (_gate)
        {
            var (input, output) = (_read ??= EstimateRead(), _written.Tokens);
            return new ModelPiece.Usage(input, output, ((input * (model.InputPricePerMillion ?? 0)) + (output * (model.OutputPricePerMillion ?? 0))) / 1_000_000m, model.HasPrice);
        }
    }

    private ModelPiece.Usage SumLocked(Model model)
    {
        var input = Sum(report => report.Input) ?? (_read ??= EstimateRead());
        var output = Sum(report => report.Output) ?? _written.Tokens;

        // Parts of the two; a provider that says more of a part than of the whole is not believed.
        var cached = Math.Min(Sum(report => report.Cached) ?? 0, input);
        var reasoning = Math.Min(Sum(report => report.Reasoning) ?? 0, output);
        var (readPrice, writtenPrice) = (model.InputPricePerMillion ?? 0, model.OutputPricePerMillion ?? 0);
        var cost = (((input - cached) * readPrice) + (cached * (model.CachedInputPricePerMillion ?? readPrice))
            + ((output - reasoning) * writtenPrice) + (reasoning * (model.ReasoningPricePerMillion ?? writtenPrice))) / 1_000_000m;

        // With only one of the two prices the cost is not known.
        return new ModelPiece.Usage(input, output, cost, model.HasPrice, _isTruncated) { CachedTokens = cached, ReasoningTokens = reasoning };
    }

    private long? Sum(Func<Report, long?> figure)
    {
        var known = _reported.Values.Select(figure).Where(count => count is not null);
        return known.Any() ? known.Sum() : null;
    }

    private static long? Most(long? before, long? next) => next >= 0 && !(next < before) ? next : before;

    private long EstimateRead() => EstimateRead(messages);

    /// <summary>How many tokens a model reads, roughly.</summary>
    public static long EstimateRead(IEnumerable<ChatMessage> messages)
    {
        var read = default(TokenEstimate);
        foreach (var message in messages)
        {
            read.Add(message.Text);
            foreach (var content in message.Contents)
            {
                if (content is FunctionResultContent { Result: string result }) read.Add(result);
            }
        }

        return read.Tokens;
    }

    private readonly record struct Report(long? Input, long? Output, long? Cached, long? Reasoning);
}
