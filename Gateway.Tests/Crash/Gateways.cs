using System.Net;
using System.Net.Http.Json;
using Gateway.Contracts;
using Gateway.Log;
using Gateway.Log.Sqlite;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Makes gateways in this process, and speaks to them over HTTP.</summary>
internal static class Gateways
{
    /// <summary>A gateway that listens, on the SQLite file <paramref name="path"/> and with models that the test speaks for.</summary>
    public static Task<GatewayFixture> StartAsync(string path, GatedModels models, Dictionary<string, string?>? settings = null) =>
        CustomFixture.StartAsync(
            new(settings ?? []) { ["Gateway:Storage:Provider"] = SqliteStoreServices.Provider, ["Gateway:Storage:Path"] = path },
            services => services.Replace(ServiceDescriptor.Singleton<IModelCatalog>(models)));

    /// <summary>A gateway that listens, on a store that fails when the test says so.</summary>
    public static Task<GatewayFixture> StartAsync(FaultyLog store, GatedModels models) =>
        CustomFixture.StartAsync(services: services => services
            .Replace(ServiceDescriptor.Singleton<IModelCatalog>(models))
            .Replace(ServiceDescriptor.Singleton<ISessionLog>(store)));

    /// <summary>Starts a session of a definition; its models have the names of its agents.</summary>
    public static Task StartSessionAsync(this GatewayFixture gateway, string id, WorkflowDefinition workflow) =>
        StartAsync(gateway, new StartSession { SessionId = id, Workflow = workflow, Subject = "Tea or coffee?" });

    /// <summary>Starts a session of a workflow that the gateway knows.</summary>
    public static Task StartWorkflowAsync(this GatewayFixture gateway, string id, string workflowId) =>
        StartAsync(gateway, new StartSession { SessionId = id, WorkflowId = workflowId, Subject = "Tea or coffee?" });

    /// <summary>Pauses, resumes or cancels a session; returns the status of the answer.</summary>
    public static async Task<HttpStatusCode> CommandAsync(this GatewayFixture gateway, string id, string command)
    {
        using var http = gateway.CreateClient();
        using var answer = await http.PostAsync(new Uri($"/api/v1/sessions/{id}/{command}", UriKind.Relative), null);
        return answer.StatusCode;
    }

    /// <summary>Answers a prompt, or speaks to the session; returns the status of the answer.</summary>
    public static async Task<HttpStatusCode> SayAsync(this GatewayFixture gateway, string id, string content, string? promptId = null)
    {
        using var http = gateway.CreateClient();
        using var body = JsonContent.Create(new UserInput { Content = content, PromptId = promptId }, ContractsJson.Wire.UserInput);
        using var answer = await http.PostAsync(new Uri($"/api/v1/sessions/{id}/input", UriKind.Relative), body);
        return answer.StatusCode;
    }

    public static async Task<SessionSnapshot> SnapshotAsync(this GatewayFixture gateway, string id)
    {
        using var http = gateway.CreateClient();
        return (await http.GetFromJsonAsync(new Uri($"/api/v1/sessions/{id}", UriKind.Relative), ContractsJson.Wire.SessionSnapshot))!;
    }

    public static async Task<SessionPage> ListAsync(this GatewayFixture gateway, string query)
    {
        using var http = gateway.CreateClient();
        return (await http.GetFromJsonAsync(new Uri("/api/v1/sessions?" + query, UriKind.Relative), ContractsJson.Wire.SessionPage))!;
    }

    /// <summary>What the readiness probe answers once the recovery has been tried.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> ReadyAsync(this GatewayFixture gateway)
    {
        while (true)
        {
            var answer = await ProbeAsync(gateway);
            if (!answer.Text.Contains("are being brought back", StringComparison.Ordinal)) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What the readiness probe answers.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> ProbeAsync(this GatewayFixture gateway)
    {
        using var http = gateway.CreateClient();
        using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task StartAsync(GatewayFixture gateway, StartSession command)
    {
        using var http = gateway.CreateClient();
        using var content = JsonContent.Create(command, ContractsJson.Wire.StartSession);
        using var answer = await http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
