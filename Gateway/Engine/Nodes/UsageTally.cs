using Gateway.Models;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Nodes;

/// <summary>Adds up what one model call consumed: the provider's figures, else an estimate from the text.</summary>
internal sealed class UsageTally
{
    private TokenEstimate _read;
    private TokenEstimate _written;
    private UsageDetails? _reported;

    /// <summary>Begins with what the model reads.</summary>
    public UsageTally(IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages) _read.Add(message.Text);
    }

    /// <summary>Whether the provider said anything.</summary>
    public bool IsReported => _reported is not null;

    /// <summary>Whether the model wrote anything.</summary>
    public bool HasWritten => _written.Tokens > 0;

    /// <summary>Adds text that the model wrote, its reasoning included.</summary>
    public void AddWritten(string text) => _written.Add(text);

    /// <summary>Adds what the provider reports; several reports of a call add up.</summary>
    public void AddReported(UsageDetails details) => (_reported ??= new UsageDetails()).Add(details);

    /// <summary>The sum, priced.</summary>
    public AgentOutput.Usage ToOutput(Model model)
    {
        var input = _reported?.InputTokenCount ?? _read.Tokens;
        var output = _reported?.OutputTokenCount ?? _written.Tokens;
        var cost = ((input * (model.InputPricePerMillion ?? 0)) + (output * (model.OutputPricePerMillion ?? 0))) / 1_000_000m;

        // A half price is no cost.
        return new AgentOutput.Usage(input, output, cost, model.InputPricePerMillion is not null && model.OutputPricePerMillion is not null);
    }
}
