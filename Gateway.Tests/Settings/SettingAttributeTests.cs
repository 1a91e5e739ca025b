using Gateway.Admission;
using Gateway.Delivery;
using Gateway.Lifetime;
using Gateway.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Settings;

/// <summary>A setting out of its range is one sentence: which setting, what it must be, what it is.</summary>
public sealed class SettingAttributeTests
{
    [Theory]
    [InlineData("MaxConnections", "-1", "Gateway:Limits:MaxConnections: must be 0 or more, not -1.")]
    [InlineData("CommandBurst", "0", "Gateway:Limits:CommandBurst: must be from 1 to 1000000, not 0.")]
    public void A_number_out_of_range_is_named(string setting, string value, string sentence) =>
        Assert.Equal([sentence], Failures(LimitsOptions.Section, new LimitsOptionsValidator(), (setting, value)));

    [Theory]
    [InlineData("ShutdownTimeout", "-00:00:01", "Gateway:ShutdownTimeout: must be from 00:00:00 to 01:00:00, not -00:00:01.")]
    [InlineData("DrainWindow", "1.00:00:00", "Gateway:DrainWindow: must be from 00:00:00 to 01:00:00, not 1.00:00:00.")]
    public void A_time_out_of_range_is_named(string setting, string value, string sentence) =>
        Assert.Equal([sentence], Failures(ShutdownOptions.Section, new ShutdownOptionsValidator(), (setting, value)));

    [Fact]
    public void Every_mistake_is_told()
    {
        Assert.Equal(
            ["Gateway:Delivery:WindowBytes: must be from 4096 to 67108864, not 1.", "Gateway:Delivery:StallTimeout: must be from 00:00:01 to 1.00:00:00, not 00:00:00."],
            Failures(DeliveryOptions.Section, new DeliveryOptionsValidator(), ("WindowBytes", "1"), ("StallTimeout", "00:00:00")));
    }

    [Fact]
    public void Defaults_are_good()
    {
        Assert.Empty(Failures(LimitsOptions.Section, new LimitsOptionsValidator()));
        Assert.Empty(Failures(GatewayWebSocketOptions.Section, new GatewayWebSocketOptionsValidator()));
    }

    internal static string[] Failures<TOptions>(string section, IValidateOptions<TOptions> validator, params (string Key, string Value)[] settings)
        where TOptions : class
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{section}:{s.Key}", (string?)s.Value))).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<TOptions>().BindSettings(section).ValidateOnStart(section, validator);
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException refusal)
        {
            return [.. refusal.Failures];
        }
    }
}
