using Gateway.Models;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>Adds up what one model call consumed: the provider's figures, else an estimate from the text.</summary>
/// <remarks>The call adds to the tally while the session may read it at any time.</remarks>
internal sealed class UsageTally(IReadOnlyList<ChatMessage> messages)
{
    private readonly Lock _gate = new();
    private TokenEstimate _written;
    private UsageDetails? _reported;

    /// <summary>Whether there is anything to count: the provider said so, or the model wrote something.</summary>
    public bool HasAny
    {
        get
        {
            lock (_gate) return _reported is not null || _written.Tokens > 0;
        }
    }

    /// <summary>Adds text that the model wrote, its reasoning included.</summary>
    public void AddWritten(string text)
    {
        lock (_gate) _written.Add(text);
    }

    /// <summary>Adds what the provider reports; several reports of a call add up.</summary>
    public void AddReported(UsageDetails details)
    {
        lock (_gate) (_reported ??= new UsageDetails()).Add(details);
    }

    /// <summary>The sum, priced.</summary>
    public ModelPiece.Usage ToPiece(Model model)
    {
        lock (_gate) return SumLocked(model);
    }

    private ModelPiece.Usage SumLocked(Model model)
    {
        var input = _reported?.InputTokenCount ?? EstimateRead();
        var output = _reported?.OutputTokenCount ?? _written.Tokens;
        var cost = ((input * (model.InputPricePerMillion ?? 0)) + (output * (model.OutputPricePerMillion ?? 0))) / 1_000_000m;

        // With only one of the two prices the cost is not known.
        return new ModelPiece.Usage(input, output, cost, model.InputPricePerMillion is not null && model.OutputPricePerMillion is not null);
    }

    private long EstimateRead()
    {
        var read = default(TokenEstimate);
        foreach (var message in messages) read.Add(message.Text);
        return read.Tokens;
    }
}
