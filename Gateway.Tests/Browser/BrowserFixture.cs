using System.Text.Json;
using Gateway.Contracts;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Browser;

/// <summary>One gateway with models in the hands of the tests, and one browser; the tests are skipped where there is none.</summary>
public sealed class BrowserFixture : GatewayFixture
{
    private readonly Chromium? _browser = Chromium.Start();

    public BrowserFixture()
        : this(new GatedModels())
    {
    }

    private BrowserFixture(GatedModels models)
        : base(sockets: true, settings: new() { ["Gateway:Limits:CommandsPerSecond"] = "0" }, services: services => services.AddSingleton<IModelCatalog>(models)) => Models = models;

    internal GatedModels Models { get; }

    /// <summary>Opens the page at an address of the gateway, or of something in front of it.</summary>
    internal async Task<Tab> OpenAsync(string path = "/", Uri? front = null, string script = "")
    {
        SkipWithout();
        return await Tab.OpenAsync(_browser!, new Uri(front ?? Address, path), script);
    }

    /// <summary>Opens a page that is not the gateway's own; a condition of JavaScript tells when it is there.</summary>
    internal async Task<Tab> OpenOtherAsync(string path, string isThere)
    {
        SkipWithout();
        return await Tab.OpenAsync(_browser!, new Uri(Address, path), isThere: isThere);
    }

    private void SkipWithout() =>
        Assert.SkipWhen(_browser is null, "There is no Chromium on this machine: install the package 'chromium' to run the tests of the page.");

    /// <summary>Starts a session whose agents a, b and so on have models of a name of the test's own.</summary>
    internal async Task<string> StartAsync(WorkflowDefinition workflow, string models)
    {
        var own = workflow with { Agents = workflow.Agents!.ToDictionary(a => a.Key, a => a.Value with { Model = $"{models}-{a.Key}" }) };
        var start = new StartSession { Workflow = own, Subject = "Tea or coffee?", SessionId = Starts.NewId() };
        await PostAsync("", JsonSerializer.Serialize(start, ContractsJson.Wire.StartSession));
        return start.SessionId;
    }

    /// <summary>Sends a command over HTTP.</summary>
    internal async Task PostAsync(string path, string body = "{}")
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var response = await Wait.For(http.PostAsync($"/api/v1/sessions{path}", content), "the answer to a command");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        await base.DisposeAsync();
    }
}
