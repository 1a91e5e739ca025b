using System.Text.RegularExpressions;
using Gateway.Admission;
using Gateway.Lifetime;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Models;
using Gateway.Settings;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Settings;

/// <summary>Settings are read in one way for all options, and one that nobody reads is told.</summary>
public sealed class SettingsBindingTests
{
    [Fact]
    public void Every_time_setting_takes_seconds_and_units()
    {
        using var services = Build(new()
        {
            ["Gateway:ShutdownTimeout"] = "30",
            ["Gateway:Storage:LockTimeout"] = "45s",
            ["Gateway:Storage:Retention:MaxAge"] = "24:00:00",
            ["Gateway:Models:m:IdleTimeout"] = "120",
        });

        Assert.Equal(TimeSpan.FromSeconds(30), Options<ShutdownOptions>(services).ShutdownTimeout);
        Assert.Equal(TimeSpan.FromSeconds(45), Options<SqliteStoreOptions>(services).LockTimeout);
        Assert.Equal(TimeSpan.FromDays(1), Options<RetentionOptions>(services).MaxAge);
        Assert.Equal(TimeSpan.FromMinutes(2), SettingsBinding.Read<ModelsOptions>(services.GetRequiredService<IConfiguration>(), ModelsOptions.Section).Models["m"].IdleTimeout);
    }

    [Fact]
    public void A_value_of_the_wrong_kind_is_one_sentence_without_words_of_the_language()
    {
        using var services = Build(new() { ["Gateway:Storage:Compact"] = "yes", ["Gateway:Storage:RetryInterval"] = "PT1S" });

        var refusal = Assert.Throws<OptionsValidationException>(() => Options<StorageOptions>(services));

        Assert.Equal(
            [$"Gateway:Storage:RetryInterval: must be {Duration.Form}, not 'PT1S'.", "Gateway:Storage:Compact: must be true or false, not 'yes'."],
            refusal.Failures);
    }

    [Fact]
    public void What_is_empty_or_null_counts_as_left_out()
    {
        using var services = Build(new() { ["Gateway:Storage:Path"] = null, ["Gateway:Limits:CommandBurst"] = "" });

        Assert.Equal("data/gateway.db", Options<SqliteStoreOptions>(services).Path);
        Assert.Equal(200, Options<LimitsOptions>(services).CommandBurst);
    }

    [Theory]
    [InlineData("Gateway:Storage:Pth", "Gateway:Storage:Path")]
    [InlineData("Gateway:Storrage:Path", "Gateway:Storage:Path")]
    [InlineData("Gateway:Storage:Durabillity", "Gateway:Storage:Durability")]
    [InlineData("Gateway:Storage:MaxAge", "Gateway:Storage:Retention:MaxAge")]
    [InlineData("Gateway:Models:mine:IdelTimeout", "Gateway:Models:mine:IdleTimeout")]
    [InlineData("Gateway:Models:mine:TokenPerSecond", "Gateway:Models:mine:TokensPerSecond")]
    [InlineData("Gateway:Models:mine:ExtraBdy:top_k", "Gateway:Models:mine:ExtraBody:top_k")]
    [InlineData("Gateway:Models:mine:Optoins:num_ctx", "Gateway:Models:mine:Options:num_ctx")]
    [InlineData("Gateway:Models:mine:IdleTimeout:seconds", null)]
    [InlineData("Gateway:Modles:mine:ExtraBody:a:b", "Gateway:Models:mine:ExtraBody:a:b")]
    [InlineData("Models:mine:ExtraBody:top_k", "Gateway:Models:mine:ExtraBody:top_k")]
    [InlineData("Gateway_Storage_Path", "Gateway:Storage:Path")]
    [InlineData("Gateway__Storage__Path", "Gateway:Storage:Path")]
    [InlineData("Storage:Path", "Gateway:Storage:Path")]
    [InlineData("Gateway:Whatever", null)]
    public void A_setting_that_nobody_reads_is_told_with_the_one_that_was_meant(string setting, string? meant)
    {
        using var services = Build(new() { [setting] = "a secret" });

        Assert.Equal([(setting, meant)], Check(services).Find());
    }

    [Theory]
    [InlineData("Gateway:Models:mine:ExtraBody")]
    [InlineData("Gateway:Models:mine:ExtraBody:top_k")]
    [InlineData("Gateway:Models:mine:ExtraBody:IdelTimeout")]
    [InlineData("Gateway:Models:mine:ExtraBody:reasoning:effort")]
    [InlineData("Gateway:Models:mine:ExtraBody:stop:0")]
    [InlineData("Gateway:Models:mine:ExtraBody:a:b:c:0:d")]
    [InlineData("Gateway:Models:mine:Options:num_ctx")]
    [InlineData("Gateway:Models:mine:Options:stop:0")]
    [InlineData("GATEWAY:MODELS:MINE:EXTRABODY:TOP_K")]
    [InlineData("gateway:models:mine:options:num_ctx")]
    [InlineData("Gateway:Models:Models:ExtraBody:Models")]
    public void What_a_server_is_sent_may_have_any_name(string setting)
    {
        using var services = Build(new() { [setting] = "1" });

        Assert.Empty(Check(services).Find());
    }

    [Fact]
    public void What_others_leave_in_the_environment_is_not_told()
    {
        using var services = Build(new() { ["GATEWAY_PORT"] = "tcp://10.0.0.1:80", ["GATEWAY_SERVICE_HOST"] = "10.0.0.1", ["Path"] = "/bin", ["Logging:LogLevel:Default"] = "Warning" });

        Assert.Empty(Check(services).Find());
    }

    [Fact]
    public void Every_setting_of_the_table_in_the_readme_is_known()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Where(line => Regex.IsMatch(line, "^\\| `(DefaultModel|[A-Z]\\w+(:|`))"));
        var settings = rows.SelectMany(row => Regex.Matches(row.Split('|')[1], "`([^`]+)`").SelectMany(match => Expand(match.Groups[1].Value))).ToList();
        using var services = Build(settings.ToDictionary(setting => "Gateway:" + setting.Replace("<name>", "mine", StringComparison.Ordinal), _ => (string?)"x"));

        Assert.True(settings.Count > 20, string.Join(" ", settings));
        Assert.Empty(Check(services).Find());
    }

    // "Storage:{A,B}" stands for two settings.
    private static IEnumerable<string> Expand(string setting) => Regex.Match(setting, "^(.*)\\{(.*)\\}$") is { Success: true } match
        ? match.Groups[2].Value.Split(',').Select(name => match.Groups[1].Value + name)
        : [setting];

    private static ServiceProvider Build(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddGateway();
        return builder.Services.BuildServiceProvider();
    }

    private static TOptions Options<TOptions>(ServiceProvider services)
        where TOptions : class => services.GetRequiredService<IOptions<TOptions>>().Value;

    private static SettingsCheck Check(ServiceProvider services) =>
        new(services.GetServices<KnownSettings>(), services.GetServices<FreeSettings>(), services.GetRequiredService<IConfiguration>(), NullLogger<SettingsCheck>.Instance);
}
