using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Delivery;
using Gateway.Doors.Http;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Models;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>The HTTP door on a test server, with fakes behind it.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<string> _ended = Channel.CreateUnbounded<string>();

    private HttpServer(WebApplicationBuilder builder)
    {
        Host = new FakeSessionHost(Log);
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<ISessionHost>(Host);
        builder.Services.AddSingleton<ISessionLog>(Log);
        builder.Services.AddSingleton<IWorkflowCatalog>(new FakeWorkflowCatalog());
        builder.Services.AddSingleton(new InlineWorkflow(TestKinds.Validator));
        builder.Services.AddSingleton(TestKinds.BuiltIn.Shapes);
        builder.Services.AddSingleton(new DefinitionCheck(TestKinds.Validator, name => name is null or "default" ? null : $"There is no model '{name}'; configured is scripted."));
        builder.Services.AddSingleton(TestKinds.BuiltIn);
        builder.Services.AddSingleton<DryRun>();
        builder.Services.AddSingleton<WorkflowSchema>();
        builder.Services.AddSingleton<ProblemHints>();
        builder.Services.AddSingleton<IModelCatalog>(new GatedModels { DefaultOnly = true });
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddDelivery();
        builder.Services.AddHttpApi();
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                _ended.Writer.TryWrite(context.Request.Path);
            }
        });
        _app.UseApiProblems(PathString.Empty);
        _app.MapHttpApi();
        _app.MapPage(isOwnProgram: true);
        _app.MapProtocol();
    }

    public FaultyLog Log { get; } = new();

    public FakeSessionHost Host { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));

    public TestLog Logs { get; } = new(LogLevel.Warning);

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public static async Task<HttpServer> StartAsync()
    {
        var root = Path.Combine(Repository.Root, "Gateway");
        var server = new HttpServer(WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = root, WebRootPath = Path.Combine(root, "wwwroot"), EnvironmentName = "Development" }));
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Client = server._app.GetTestClient();
        return server;
    }

    internal ConnectionRegistry Connections => Services.GetRequiredService<ConnectionRegistry>();

    /// <summary>Lets the clock of delivery tick, once a second.</summary>
    public void Tick(int seconds)
    {
        for (var i = 0; i < seconds; i++) Services.GetRequiredService<ConnectionWatch>().Look();
    }

    /// <summary>Logs events and puts them into the feed, as the session's writer does.</summary>
    public async Task PublishAsync(params SessionEvent[] events)
    {
        var (id, first) = (events[0].SessionId, events[0].Seq);
        await Log.AppendAsync(id, first - 1, events, events[^1] is SessionEvent<ExecutionCompleted> end ? end.Data.Status : SessionStatus.Running, TestContext.Current.CancellationToken);
        var feed = Services.GetRequiredService<SessionFeeds>().ForWriter(id, first);
        feed.BeginBatch();
        foreach (var logged in events.ToLogged()) feed.Append(logged);
        feed.EndBatch();
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => PostAsync(path, Encoding.UTF8.GetBytes(json));

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => SendAsync(new HttpRequestMessage(method, path));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        Wait.For(Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken), $"an answer to {request.Method} {request.RequestUri}");

    /// <summary>Waits until the server is done with a request, its log entries included.</summary>
    public async Task RequestEndedAsync(string path) => Assert.Equal(path, await Wait.For(_ended.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"the end of the request to {path}"));

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"Expected {status}, got {response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonElement.Parse(text);
    }

    /// <summary>Asserts an RFC 9457 answer and returns its sentence.</summary>
    public static async Task<string> ProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)response.StatusCode, $"Expected {status}, got {response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        var detail = problem.GetProperty("detail").GetString();
        Assert.EndsWith(".", detail);
        return detail!;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
        Logs.Check();
    }
}
