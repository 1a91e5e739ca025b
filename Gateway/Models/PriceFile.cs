using System.Text.Json;

namespace Gateway.Models;

/// <summary>Reads a file of prices.</summary>
/// <remarks>
/// An object with a member for each model: the gateway's own form has dollars per million tokens (<c>input</c>, <c>cached_input</c>,
/// <c>output</c>, <c>reasoning</c>), LiteLLM's has dollars per token (<c>input_cost_per_token</c> ...) and much else, which is passed over.
/// </remarks>
internal static class PriceFile
{
    /// <summary>The largest file, in bytes; LiteLLM's has some two million.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private const string SampleName = "sample_spec";
    private const decimal Million = 1_000_000m;
    private const decimal MostPerMillion = 1_000_000m;

    private static readonly string[] Own = ["input", "output", "cached_input", "reasoning"];
    private static readonly string[] PerToken = ["input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost", "output_cost_per_reasoning_token"];
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The prices by model, without regard to case.</summary>
    /// <exception cref="FormatException">It is no such file; the message says where.</exception>
    public static Dictionary<string, ModelPrices> Read(ReadOnlyMemory<byte> content)
    {
        if (content.Span.StartsWith("\uFEFF"u8)) content = content[3..];
        try
        {
            using var document = JsonDocument.Parse(content, s_lenient);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"Not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).", exception);
        }
    }

    private static Dictionary<string, ModelPrices> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("Expected an object with a member for each model.");
        var prices = new Dictionary<string, ModelPrices>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in root.EnumerateObject().Where(model => model.Name != SampleName))
        {
            if (model.Value.ValueKind != JsonValueKind.Object) throw new FormatException($"'{model.Name}': expected an object with prices, such as {{\"input\":2.5,\"output\":10}}.");
            var own = Own.Any(key => model.Value.TryGetProperty(key, out _));
            if (!own && !PerToken.Any(key => model.Value.TryGetProperty(key, out _))) continue;
            var keys = own ? Own : PerToken;
            if (own && model.Value.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !Own.Contains(name)) is { } unknown)
            {
                throw new FormatException($"'{model.Name}.{unknown}' is no price; the prices are {string.Join(", ", Own)}, in US dollars per million tokens.");
            }

            prices[model.Name] = new ModelPrices(Price(0), Price(1), Price(2), Price(3));

            decimal? Price(int index)
            {
                if (!model.Value.TryGetProperty(keys[index], out var price) || price.ValueKind == JsonValueKind.Null) return null;

                // LiteLLM has prices in exponents, which a decimal reads exactly.
                if (price.ValueKind != JsonValueKind.Number || !price.TryGetDecimal(out var dollars) || dollars < 0) throw new FormatException($"'{model.Name}.{keys[index]}' must be a number from 0.");
                var perMillion = own ? dollars : dollars > MostPerMillion / Million ? throw TooMuch() : dollars * Million;
                return perMillion > MostPerMillion ? throw TooMuch() : perMillion;

                FormatException TooMuch() => new($"'{model.Name}.{keys[index]}' is more than a dollar for each token; a price in the gateway's own form is for a million.");
            }
        }

        return prices;
    }
}
