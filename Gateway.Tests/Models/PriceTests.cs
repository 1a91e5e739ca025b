using System.Text;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Models;

/// <summary>Prices of models from files, the gateway's own and LiteLLM's.</summary>
public sealed class PriceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prices_are_read_in_both_forms()
    {
        var prices = Read("""
            {"sample_spec":{"input_cost_per_token":"a text"},
             "gpt-4o-mini":{"max_tokens":16384,"input_cost_per_token":1.5e-07,"output_cost_per_token":6e-07,"cache_read_input_token_cost":7.5e-08,"litellm_provider":"openai","mode":"chat"},
             "o3":{"input_cost_per_token":2e-06,"output_cost_per_token":8e-06,"output_cost_per_reasoning_token":9e-06},
             "dall-e-3":{"mode":"image_generation","input_cost_per_pixel":1e-08},
             // Ours
             "mine":{"input":1,"output":2.5,"cached_input":0.1,"reasoning":3,}}
            """);

        Assert.Equal(new ModelPrices(0.15m, 0.6m, 0.075m, null), prices["GPT-4o-mini"]);
        Assert.Equal(new ModelPrices(2, 8, null, 9), prices["o3"]);
        Assert.Equal(new ModelPrices(1, 2.5m, 0.1m, 3), prices["mine"]);
        Assert.Equal(3, prices.Count);
    }

    [Fact]
    public void A_name_that_is_no_text_is_told_and_stops_nobody()
    {
        var path = _folder.Write("prices.json", """{"a\ud800":{"input":1}}""");
        var problems = new List<string>();

        Assert.False(new PriceTable([path]).Refresh(settles: false, problems));
        Assert.StartsWith(path, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "Expected an object with a member for each model.")]
    [InlineData("{", "Not JSON (line 1, byte 2).")]
    [InlineData("""{"m":5}""", "'m': expected an object with prices, such as {\"input\":2.5,\"output\":10}.")]
    [InlineData("""{"m":{"input":"1"}}""", "'m.input' must be a number from 0.")]
    [InlineData("""{"m":{"input":-1}}""", "'m.input' must be a number from 0.")]
    [InlineData("""{"m":{"input":1,"ouput":2}}""", "'m.ouput' is no price; the prices are input, output, cached_input, reasoning, in US dollars per million tokens.")]
    [InlineData("""{"m":{"input_cost_per_token":2.5}}""", "'m.input_cost_per_token' is more than a dollar for each token; a price in the gateway's own form is for a million.")]
    public void What_is_no_price_is_told(string json, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => Read(json)).Message);

    [Fact]
    public void A_model_is_found_by_its_name_here_by_that_of_its_provider_and_as_LiteLLM_writes_it()
    {
        _folder.Write("prices.json", """{"ours":{"input":1,"output":2},"gpt-4o":{"input":3,"output":4},"ollama/llama3.2":{"input":0,"output":0}}""");
        using var services = Configured.Services(
            ("PricesPath", _folder.At("prices.json")),
            ("DefaultModel", "ours"),
            ("Models:ours:Provider", "openai"), ("Models:ours:Model", "gpt-4o"), ("Models:ours:ApiKey", "k"),
            ("Models:theirs:Provider", "openai"), ("Models:theirs:Model", "gpt-4o"), ("Models:theirs:ApiKey", "k"), ("Models:theirs:OutputPricePerMillion", "9"),
            ("Models:local:Provider", "ollama"), ("Models:local:Model", "llama3.2"),
            ("Models:other:Provider", "openai"), ("Models:other:Model", "gpt-9"), ("Models:other:ApiKey", "k"));
        var catalog = services.Catalog();

        Assert.Equal((1m, 2m), Prices(catalog.Get("ours")));
        Assert.Equal((3m, 9m), Prices(catalog.Get("theirs")));
        Assert.Equal((0m, 0m), Prices(catalog.Get("local")));
        Assert.Equal((null, null), Prices(catalog.Get("other")));
        Assert.Equal((0m, 0m), Prices(catalog.Get("scripted")));
    }

    [Fact]
    public void A_changed_file_is_read_again_and_a_broken_one_changes_nothing()
    {
        var path = _folder.Write("prices.json", """{"m":{"input":1,"output":2}}""");
        Stamp(path, 1);
        var table = new PriceTable([path]);
        Assert.True(table.Refresh(settles: false, []));

        File.WriteAllText(path, """{"m":{"input":5,"output":6}}""");
        Stamp(path, 2);
        Assert.False(table.Refresh(settles: true, []));
        Assert.True(table.Refresh(settles: true, []));
        Assert.Equal(5, table.Find("nobody", null, "m").Input);

        File.WriteAllText(path, "{");
        Stamp(path, 3);
        var problems = new List<string>();
        table.Refresh(settles: true, problems);
        Assert.False(table.Refresh(settles: true, problems));
        Assert.Equal($"{path}: Not JSON (line 1, byte 2).", Assert.Single(problems));
        Assert.Equal(5, table.Find("m").Input);
    }

    [Fact]
    public void Of_several_files_the_later_wins()
    {
        var table = new PriceTable([_folder.Write("1.json", """{"a":{"input":1},"b":{"input":1}}"""), _folder.Write("2.json", """{"b":{"input":2}}""")]);
        table.Refresh(settles: false, []);

        Assert.Equal((1, 2, 2), (table.Find("a").Input, table.Find("b").Input, table.Count));
    }

    [Fact]
    public void A_file_that_cannot_be_read_stops_the_start()
    {
        using var services = Configured.Services(("PricesPath", _folder.At("none.json")));

        var failure = Assert.Throws<OptionsValidationException>(services.Catalog);

        Assert.StartsWith($"Gateway:PricesPath: {_folder.At("none.json")}: Could not find file", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    private static Dictionary<string, ModelPrices> Read(string json) => PriceFile.Read(Encoding.UTF8.GetBytes(json));

    private static (decimal?, decimal?) Prices(Model model) => (model.InputPricePerMillion, model.OutputPricePerMillion);

    private static void Stamp(string path, int second) => File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, second, DateTimeKind.Utc));
}
