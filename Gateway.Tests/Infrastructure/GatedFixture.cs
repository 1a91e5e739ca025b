using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Models;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>The gateway on real sockets, with models in the hands of the tests.</summary>
public abstract class GatedFixture : GatewayFixture
{
    protected GatedFixture()
        : this(new GatedModels())
    {
    }

    private GatedFixture(GatedModels models)
        : base(sockets: true, settings: new() { ["Gateway:Limits:CommandsPerSecond"] = "0" }, services: services => services.AddSingleton<IModelCatalog>(models)) => Models = models;

    internal GatedModels Models { get; }

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
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await Wait.For(http.PostAsync($"/api/v1/sessions{path}", content), "the answer to a command");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
