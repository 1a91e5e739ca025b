namespace Gateway.Models;

/// <summary>What a model's tokens cost, in US dollars per million; null: not known.</summary>
/// <param name="Input">Tokens read.</param>
/// <param name="Output">Tokens written.</param>
/// <param name="CachedInput">Tokens read from the provider's cache; null: as others that are read.</param>
/// <param name="Reasoning">Tokens of reasoning; null: as others that are written.</param>
internal readonly record struct ModelPrices(decimal? Input, decimal? Output, decimal? CachedInput, decimal? Reasoning)
{
    /// <summary>These where they are known, else the others.</summary>
    public ModelPrices Or(ModelPrices others) => new(Input ?? others.Input, Output ?? others.Output, CachedInput ?? others.CachedInput, Reasoning ?? others.Reasoning);
}
