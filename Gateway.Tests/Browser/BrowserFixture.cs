using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>One gateway with models in the hands of the tests, and one browser; the tests are skipped where there is none.</summary>
public sealed class BrowserFixture : GatedFixture
{
    private readonly Chromium? _browser = Chromium.Start();

    /// <summary>Opens the page at an address of the gateway, or of something in front of it.</summary>
    internal async Task<Tab> OpenAsync(string path = "/", Uri? front = null, string script = "")
    {
        SkipWithout();
        return await Tab.OpenAsync(_browser!, new Uri(front ?? Address, path), script);
    }

    /// <summary>Opens a page that is not the gateway's own; a condition of JavaScript tells when it is there.</summary>
    internal Task<Tab> OpenOtherAsync(string path, string isThere) => OpenOtherAsync(new Uri(Address, path), isThere);

    /// <inheritdoc cref="OpenOtherAsync(string, string)"/>
    internal async Task<Tab> OpenOtherAsync(Uri page, string isThere)
    {
        SkipWithout();
        return await Tab.OpenAsync(_browser!, page, isThere: isThere);
    }

    private void SkipWithout() =>
        Assert.SkipWhen(_browser is null, "There is no Chromium on this machine: install the package 'chromium' to run the tests of the page.");

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        await base.DisposeAsync();
    }
}
