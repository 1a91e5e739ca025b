using Gateway.Refusals;
using Microsoft.Extensions.Options;

namespace Gateway.Webhooks;

/// <summary>Finds everything wrong with the configured webhooks, one sentence a problem.</summary>
/// <remarks>A sentence shows names, hosts and networks; never a secret, nor the rest of an address, which may be one.</remarks>
internal sealed class WebhooksOptionsValidator : IValidateOptions<WebhooksOptions>
{
    private const int MaxSecrets = 8;

    private static readonly WebhooksOptionsRanges Ranges = new();
    private static readonly WebhookEndpointOptionsRanges EndpointRanges = new();

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebhooksOptions options)
    {
        var networks = Networks.Parse(options.AllowedNetworks, out var wrong);
        List<string> problems =
        [
            .. wrong.Select(network => $"{WebhooksOptions.Section}:{nameof(WebhooksOptions.AllowedNetworks)}: '{network}' is not a network; write it like 10.1.0.0/16 or fd00::/8, and several with commas between them."),
            .. Ranges.Validate(WebhooksOptions.Section, options).Failures ?? [],
            .. options.Endpoints.OrderBy(endpoint => endpoint.Key, StringComparer.Ordinal).SelectMany(endpoint => OfEndpoint(endpoint.Key, endpoint.Value, new AddressGuard(networks))),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> OfEndpoint(string name, WebhookEndpointOptions endpoint, AddressGuard guard)
    {
        var setting = WebhooksOptions.SectionOf(name);
        return
        [
            .. OfName(setting, name),
            .. OfUrl($"{setting}:{nameof(endpoint.Url)}", endpoint.Url, guard),
            .. OfSecrets($"{setting}:{nameof(endpoint.Secrets)}", endpoint.Secrets),
            .. endpoint.Events.Where(type => !WebhookTypes.All.Contains(type, StringComparer.Ordinal)).Select(type => $"{setting}:{nameof(endpoint.Events)}: '{type}' is none of {string.Join(", ", WebhookTypes.All)}."),
            .. endpoint.Workflows.Where(id => !IdForm.Matches(id)).Select(id => $"{setting}:{nameof(endpoint.Workflows)}: '{id}' is no id of a workflow: an id has {IdForm.Words}."),
            .. EndpointRanges.Validate(setting, endpoint).Failures ?? [],
        ];
    }

    private static IEnumerable<string> OfName(string setting, string name)
    {
        if (!IdForm.Matches(name)) yield return $"{setting}: '{name}' is no name for an endpoint: a name has {IdForm.Words}.";
    }

    private static IEnumerable<string> OfUrl(string setting, string? text, AddressGuard guard)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            yield return $"{setting} is missing; set it to the address that messages are posted to.";
        }
        else if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"{setting} is not an http or https address, such as https://example.com/hooks.";
        }
        else if (url.UserInfo.Length > 0)
        {
            yield return $"{setting} carries a user name or a password; leave them out, the signature tells who posts.";
        }
        else if (url.Fragment.Length > 0)
        {
            yield return $"{setting} has a part behind '#', which is never sent; leave it out.";
        }
        else if (guard.FindRefused(url.DnsSafeHost) is { } refused)
        {
            yield return $"{setting} leads to {refused}, which is not an address of the internet; allow its network with {WebhooksOptions.Section}:{nameof(WebhooksOptions.AllowedNetworks)} if that is meant.";
        }
    }

    private static IEnumerable<string> OfSecrets(string setting, string[] secrets)
    {
        if (secrets.Length == 0) yield return $"{setting} is missing; set {setting}:0 to whsec_ and 24 to 64 random bytes in Base64.";
        if (secrets.Length > MaxSecrets) yield return $"{setting}: there are {secrets.Length}, and {MaxSecrets} at most may be in use at a time.";
        for (var i = 0; i < secrets.Length; i++)
        {
            if (WebhookKey.Parse(secrets[i]) is null) yield return $"{setting}:{i} is no secret of a webhook: it is whsec_ and 24 to 64 bytes in Base64, and nothing else.";
        }
    }
}
