using Microsoft.Extensions.AI;

namespace Gateway.Models;

/// <summary>A configured model: a chat client with its price and limits.</summary>
public sealed record Model
{
    /// <summary>Its name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Speaks to the provider; streams text, reasoning and usage.</summary>
    public required IChatClient Client { get; init; }

    /// <summary>US dollars per million tokens read; null when not configured.</summary>
    public decimal? InputPricePerMillion { get; init; }

    /// <summary>US dollars per million tokens written; null when not configured.</summary>
    public decimal? OutputPricePerMillion { get; init; }

    /// <summary>US dollars per million tokens read from the provider's cache; null: as others that are read.</summary>
    public decimal? CachedInputPricePerMillion { get; init; }

    /// <summary>US dollars per million tokens of reasoning; null: as others that are written.</summary>
    public decimal? ReasoningPricePerMillion { get; init; }

    /// <summary>Whether it is known what its tokens cost, read and written.</summary>
    public bool HasPrice => InputPricePerMillion is not null && OutputPricePerMillion is not null;

    /// <summary>How much it may be asked by all sessions together.</summary>
    public ModelLimits Limits { get; init; } = ModelLimits.None;

    /// <summary>The longest silence between two pieces of an answer; the clock stops while the session is paused.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>How many pieces of an answer are read ahead of what is shown.</summary>
    /// <remarks>Large for a network provider, so that a paused session does not stall its connection; 1 for the scripted model, which then pauses with the session.</remarks>
    public required int ReadAhead { get; init; }
}
