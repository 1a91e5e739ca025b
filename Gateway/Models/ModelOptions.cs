using Gateway.Settings;

namespace Gateway.Models;

/// <summary>One configured model, from <c>Gateway:Models:&lt;name&gt;</c>.</summary>
/// <remarks>A class and not a record, so that printing it can never show its key.</remarks>
public sealed class ModelOptions
{
    /// <summary>Who speaks: <c>scripted</c>, <c>openai</c> or <c>ollama</c>; absent: the model's name if it is one of these.</summary>
    public string? Provider { get; set; }

    /// <summary>The provider's address; absent: OpenAI's own, or <c>http://localhost:11434</c> for Ollama.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The secret sent to the provider; never logged, shown or put into an error.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The provider's name for the model.</summary>
    public string? Model { get; set; }

    /// <summary>US dollars per million tokens read; absent: the cost is not known.</summary>
    [NumberRange(0, Unit = "US dollars per million tokens")]
    public decimal? InputPricePerMillion { get; set; }

    /// <summary>US dollars per million tokens written; absent: the cost is not known.</summary>
    [NumberRange(0, Unit = "US dollars per million tokens")]
    public decimal? OutputPricePerMillion { get; set; }

    /// <summary>The longest silence between two pieces of an answer.</summary>
    [TimeRange("00:00:00.001")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Scripted: the pace; 0 or less writes without a pause.</summary>
    [NumberRange(double.MinValue)]
    public double TokensPerSecond { get; set; } = 40;

    /// <summary>Scripted: another seed writes other texts.</summary>
    public int Seed { get; set; }

    /// <summary>Scripted: reasons aloud before it answers.</summary>
    public bool Thinking { get; set; }

    /// <summary>Scripted, for tests: fails once this many pieces are written.</summary>
    public int? FailAfterTokens { get; set; }

    /// <summary>Scripted, for tests: what the failure says.</summary>
    public string? FailMessage { get; set; }

    /// <summary>Scripted, for tests: the HTTP status the failure pretends to come from.</summary>
    public int? FailCode { get; set; }

    /// <summary>Scripted, for tests: falls silent for ever once this many pieces are written.</summary>
    public int? StallAfterTokens { get; set; }
}
