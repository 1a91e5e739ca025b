namespace Gateway.Commands;

/// <summary>What an estimate takes for granted.</summary>
internal sealed record EstimateBasis
{
    /// <summary>Who spoke in place of the models: texts are as long as its.</summary>
    public required string Speaker { get; init; }

    /// <summary>How many tokens a model writes in a second.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>How long it takes until a model begins, in seconds.</summary>
    public required double FirstTokenSeconds { get; init; }
}
