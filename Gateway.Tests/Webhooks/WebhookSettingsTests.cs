using Gateway.Webhooks;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>What is wrong with the settings is said before anything runs.</summary>
public sealed class WebhookSettingsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string At = "Gateway:Webhooks:Endpoints:crm";

    [Fact]
    public void What_is_right_passes() => Assert.Empty(Problems(new() { Url = "https://example.com/hooks?key=1", Secrets = [Secret, Secret], Events = ["session.failed"], Workflows = ["council-debate"] }));

    [Fact]
    public void Each_mistake_is_a_sentence_that_names_the_setting()
    {
        Assert.Equal(
            [$"{At}:Url is missing; set it to the address that messages are posted to.", $"{At}:Secrets is missing; set {At}:Secrets:0 to whsec_ and 24 to 64 random bytes in Base64."],
            Problems(new()));
        Assert.Equal([$"{At}:Events: 'session.started' is none of prompt.opened, prompt.expired, session.completed, session.failed."], Problems(new() { Url = "https://example.com", Secrets = [Secret], Events = ["session.started"] }));
        Assert.Equal([$"{At}:Url leads to 127.0.0.1, which is not an address of the internet; allow its network with Gateway:Webhooks:AllowedNetworks if that is meant."], Problems(new() { Url = "http://2130706433/", Secrets = [Secret] }));
        Assert.Equal([$"{At}:MaxTries: must be from 1 to 30, not 0.", $"{At}:Timeout: must be from 00:00:00.100 to 00:05:00, not 00:00:00."], Problems(new() { Url = "https://example.com", Secrets = [Secret], MaxTries = 0, Timeout = TimeSpan.Zero }).Order(StringComparer.Ordinal));
        Assert.StartsWith("Gateway:Webhooks:AllowedNetworks: '10.0.0.1' is not a network", Assert.Single(Problems(new() { Url = "https://example.com", Secrets = [Secret] }, "10.0.0.1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_secret_or_an_address_is_shown()
    {
        var problems = Problems(new() { Url = "ftp://hidden.example/secret", Secrets = ["whsec_hidden", "hidden"] });

        Assert.Equal(3, problems.Count);
        Assert.DoesNotContain(problems, problem => problem.Contains("hidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://user:password@example.com/")]
    [InlineData("https://example.com/#part")]
    [InlineData("/hooks")]
    public void Addresses_that_cannot_be_meant_are_refused(string url) => Assert.Single(Problems(new() { Url = url, Secrets = [Secret] }));

    [Fact]
    public void A_name_that_is_no_id_is_refused()
    {
        var options = new WebhooksOptions { Endpoints = { ["a b"] = new() { Url = "https://example.com", Secrets = [Secret] } } };

        Assert.StartsWith("Gateway:Webhooks:Endpoints:a b: 'a b' is no name", Assert.Single(new WebhooksOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    private static List<string> Problems(WebhookEndpointOptions endpoint, string? networks = null) =>
        [.. new WebhooksOptionsValidator().Validate(null, new WebhooksOptions { AllowedNetworks = networks, Endpoints = { ["crm"] = endpoint } }).Failures ?? []];
}
