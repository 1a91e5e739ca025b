using Gateway.Contracts;
using Gateway.Models;
using Gateway.Models.OpenAI;
using Gateway.Models.Scripted;
using Gateway.Refusals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Models;

public sealed class ModelsOptionsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("Default")]
    [InlineData("scripted")]
    [InlineData("SCRIPTED")]
    public void Without_configuration_there_is_the_scripted_model(string? name)
    {
        using var services = Configured.Services();

        var model = services.Catalog().Get(name);

        Assert.Equal("scripted", model.Name);
        Assert.IsType<ScriptedChatClient>(model.Client);
        Assert.Equal(1, model.ReadAhead);
        Assert.Equal(TimeSpan.FromMinutes(2), model.IdleTimeout);
        Assert.Equal(0, model.InputPricePerMillion);
        Assert.Equal(0, model.OutputPricePerMillion);
    }

    [Fact]
    public void A_model_has_the_limits_that_were_configured_and_none_without()
    {
        using var services = Configured.Services(("Models:scripted:MaxConcurrency", "4"), ("Models:scripted:RequestsPerMinute", "60"), ("Models:scripted:TokensPerMinute", "90000"));
        using var plain = Configured.Services();

        Assert.Equal(new ModelLimits(4, 60, 90_000), services.Catalog().Get("scripted").Limits);
        Assert.Equal(ModelLimits.None, plain.Catalog().Get("scripted").Limits);
        Assert.Equal(3, Configured.Problems(("Models:scripted:MaxConcurrency", "0"), ("Models:scripted:RequestsPerMinute", "0"), ("Models:scripted:TokensPerMinute", "0")).Length);
    }

    [Fact]
    public void A_model_has_what_was_configured()
    {
        using var services = Configured.Services(
            ("Models:gpt:Provider", "OpenAI"),
            ("Models:gpt:Endpoint", "http://localhost:9/v1"),
            ("Models:gpt:Model", "gpt-x"),
            ("Models:gpt:InputPricePerMillion", "0.15"),
            ("Models:gpt:OutputPricePerMillion", "0.6"),
            ("Models:gpt:IdleTimeout", "00:00:30"));

        var model = services.Catalog().Get("GPT");

        Assert.Equal("gpt", model.Name);
        Assert.Equal(0.15m, model.InputPricePerMillion);
        Assert.Equal(0.6m, model.OutputPricePerMillion);
        Assert.Equal(TimeSpan.FromSeconds(30), model.IdleTimeout);
        Assert.Equal(4096, model.ReadAhead);
    }

    [Fact]
    public void Environment_variables_configure_a_model_whatever_their_case()
    {
        // The variables' prefix keeps this test's from the process's own.
        const string Prefix = "MODELS_TEST_";
        Environment.SetEnvironmentVariable($"{Prefix}GATEWAY__MODELS__GPT__PROVIDER", "openai");
        Environment.SetEnvironmentVariable($"{Prefix}Gateway__Models__gpt__ApiKey", Configured.Key);
        Environment.SetEnvironmentVariable($"{Prefix}Gateway__Models__gpt__Model", "gpt-x");
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddModels().AddScriptedModels().AddOpenAIModels().BuildServiceProvider();

        Assert.Equal(4096, services.Catalog().Get("gpt").ReadAhead);
        Assert.Equal(Configured.Key, services.GetRequiredService<IOptions<ModelsOptions>>().Value.Models["gpt"].ApiKey);
    }

    [Fact]
    public void The_only_real_model_is_the_default()
    {
        using var services = Configured.Services(("Models:ollama:Model", "llama"), ("Models:slow:Provider", "scripted"));

        Assert.Equal("ollama", services.Catalog().Get(null).Name);
        Assert.Equal("scripted", services.Catalog().Get("scripted").Name);
    }

    [Fact]
    public void A_second_scripted_model_does_not_become_the_default()
    {
        using var services = Configured.Services(("Models:slow:Provider", "scripted"));

        Assert.Equal("scripted", services.Catalog().Get(null).Name);
    }

    [Fact]
    public void The_default_model_can_be_chosen()
    {
        using var services = Configured.Services(("DefaultModel", "SLOW"), ("Models:slow:Provider", "scripted"), ("Models:ollama:Model", "llama"));

        Assert.Equal("slow", services.Catalog().Get("default").Name);
    }

    [Fact]
    public void An_unknown_model_is_refused_with_the_names_there_are_and_the_setting()
    {
        using var services = Configured.Services(("Models:slow:Provider", "scripted"));

        var refusal = Assert.Throws<GatewayException>(() => services.Catalog().Get("gpt-9"));

        Assert.Equal(ErrorCode.ModelNotConfigured, refusal.Code);
        Assert.Equal("The model \"gpt-9\" is not configured; configured are scripted, slow. Add it as Gateway:Models:gpt-9.", refusal.Message);
    }

    [Theory]
    [InlineData("Models:m:Provider", "gemini", "Gateway:Models:m:Provider is \"gemini\", which is none of scripted, openai and ollama.")]
    [InlineData("Models:m:Model", "x", "Gateway:Models:m:Provider is missing; set it to scripted, openai or ollama.")]
    [InlineData("Models:openai:ApiKey", "k", "Gateway:Models:openai:Model is missing; set it to the name the provider knows the model by.")]
    [InlineData("Models:openai:Model", "x", "Gateway:Models:openai:ApiKey is missing; set it, or set Gateway:Models:openai:Endpoint to a server that needs no key.")]
    [InlineData("Models:ollama:Endpoint", "http://localhost:1", "Gateway:Models:ollama:Model is missing; set it to the name the provider knows the model by.")]
    [InlineData("Models:scripted:Endpoint", "localhost:8000", "Gateway:Models:scripted:Endpoint is not an http or https address, such as http://localhost:8000/v1.")]
    [InlineData("Models:scripted:Endpoint", "not an address", "Gateway:Models:scripted:Endpoint is not an http or https address, such as http://localhost:8000/v1.")]
    [InlineData("Models:scripted:Endpoint", "http://me:word@localhost", "Gateway:Models:scripted:Endpoint carries a user name or a password; leave them out and use ApiKey.")]
    [InlineData("Models:scripted:ApiKey", "two words", "Gateway:Models:scripted:ApiKey has a space, a line break or another character that cannot be sent; copy it again.")]
    [InlineData("Models:scripted:InputPricePerMillion", "-1", "Gateway:Models:scripted:InputPricePerMillion: must be 0 or more US dollars per million tokens, not -1.")]
    [InlineData("Models:scripted:OutputPricePerMillion", "-0.01", "Gateway:Models:scripted:OutputPricePerMillion: must be 0 or more US dollars per million tokens, not -0.01.")]
    [InlineData("Models:scripted:IdleTimeout", "00:00:00", "Gateway:Models:scripted:IdleTimeout: must be from 00:00:00.001 to 1.00:00:00, not 00:00:00.")]
    [InlineData("Models:scripted:IdleTimeout", "24.00:00:00", "Gateway:Models:scripted:IdleTimeout: must be from 00:00:00.001 to 1.00:00:00, not 24.00:00:00.")]
    [InlineData("Models:scripted:TokensPerSecond", "NaN", "Gateway:Models:scripted:TokensPerSecond: must be a number, such as 0.15, not 'NaN'.")]
    [InlineData("DefaultModel", "gpt", "Gateway:DefaultModel is \"gpt\", which is not configured; use one of scripted, or add Gateway:Models:gpt.")]
    public void A_mistake_is_one_sentence_that_names_the_setting(string setting, string value, string sentence)
    {
        Assert.Equal([sentence], Configured.Problems((setting, value)));
    }

    [Fact]
    public void The_name_default_is_taken()
    {
        Assert.Equal(
            ["Gateway:Models:Default: \"default\" always means the default model, so no model can have this name; give it another one and set Gateway:DefaultModel to that."],
            Configured.Problems(("Models:Default:Provider", "scripted")));
    }

    [Fact]
    public void Among_several_real_models_the_default_must_be_chosen()
    {
        Assert.Equal(
            ["Gateway:DefaultModel is missing although several models are configured; set it to one of gpt, ollama."],
            Configured.Problems(("Models:ollama:Model", "x"), ("Models:gpt:Provider", "openai"), ("Models:gpt:Model", "x"), ("Models:gpt:ApiKey", "k")));
    }

    [Fact]
    public void Every_mistake_is_told_and_no_key()
    {
        var problems = Configured.Problems(
            ("DefaultModel", "none"),
            ("Models:openai:ApiKey", Configured.Key + " "),
            ("Models:openai:Endpoint", $"ftp://{Configured.Key}@x"),
            ("Models:m:Provider", "x"),
            ("Models:m:InputPricePerMillion", "-1"));

        Assert.Equal(6, problems.Length);
        Assert.All(problems, p => Assert.DoesNotContain(Configured.Key, p, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_stops_the_host_at_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Gateway:DefaultModel", "gpt")]);
        builder.Services.AddModels().AddScriptedModels();
        using var host = builder.Build();

        var problem = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Gateway:DefaultModel is \"gpt\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_the_hosts_own_is_there_by_its_name()
    {
        using var client = new ScriptedChatClient("ours", new ScriptedOptions(), TimeProvider.System);
        using var services = Configured.Services(more => more.AddChatClient("ours", _ => client), ("Models:ours:InputPricePerMillion", "3"));

        var model = services.Catalog().Get("Ours");

        Assert.Same(client, model.Client);
        Assert.Equal(3, model.InputPricePerMillion);
        Assert.Null(model.OutputPricePerMillion);
        Assert.Same(model, services.Catalog().Get("default"));
        Assert.Equal("scripted", services.Catalog().Get("scripted").Name);
    }
}
