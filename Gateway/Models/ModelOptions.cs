using Gateway.Settings;

namespace Gateway.Models;

/// <summary>One configured model, from <c>Gateway:Models:&lt;name&gt;</c>; what only one provider needs is with that provider.</summary>
/// <remarks>A class and not a record, so that printing it can never show its key.</remarks>
public sealed class ModelOptions
{
    /// <summary>Who speaks, such as <c>scripted</c>, <c>openai</c> or <c>ollama</c>; absent: the model's name if it is one of these.</summary>
    public string? Provider { get; set; }

    /// <summary>The provider's address; absent: OpenAI's own, or <c>http://localhost:11434</c> for Ollama.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The secret sent to the provider; never logged, shown or put into an error.</summary>
    [Secret]
    public string? ApiKey { get; set; }

    /// <summary>The provider's name for the model.</summary>
    public string? Model { get; set; }

    /// <summary>US dollars per million tokens read; absent: the cost is not known.</summary>
    [NumberRange(0, Unit = "US dollars per million tokens")]
    public decimal? InputPricePerMillion { get; set; }

    /// <summary>US dollars per million tokens read from the provider's cache; absent: as others that are read.</summary>
    [NumberRange(0, Unit = "US dollars per million tokens")]
    public decimal? CachedInputPricePerMillion { get; set; }

    /// <summary>US dollars per million tokens of reasoning; absent: as others that are written.</summary>
    [NumberRange(0, Unit = "US dollars per million tokens")]
    public decimal? ReasoningPricePerMillion { get; set; }

    /// <summary>US dollars per million tokens written; absent: the cost is not known.</summary>
    [NumberRange(0, Unit = "US dollars per million tokens")]
    public decimal? OutputPricePerMillion { get; set; }

    /// <summary>Calls that it has under way at a time for all sessions, those of paused ones not counted; absent: as <c>Gateway:Sessions:MaxCallsPerModel</c> says.</summary>
    [NumberRange(1, int.MaxValue)]
    public int? MaxConcurrency { get; set; }

    /// <summary>Calls that begin in any minute; absent: any number. What its provider's client asks again by itself is not counted.</summary>
    [NumberRange(1, int.MaxValue)]
    public int? RequestsPerMinute { get; set; }

    /// <summary>Tokens that are read and written in any minute; absent: any number. The last call before the limit may go beyond it.</summary>
    [NumberRange(1)]
    public long? TokensPerMinute { get; set; }

    /// <summary>The longest silence between two signs of life of an answer: its pieces, and what the provider sends to keep the line open.</summary>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
