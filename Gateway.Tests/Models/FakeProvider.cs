using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Models;

/// <summary>A model provider over real HTTP, which answers as it was told and remembers what it was asked.</summary>
internal abstract class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<FakeStep[]> _answers = new();
    private readonly ConcurrentQueue<FakeCall> _calls = new();
    private readonly Channel<FakeCall> _arrived = Channel.CreateUnbounded<FakeCall>();

    protected FakeProvider(string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost(path, Answer);
    }

    /// <summary>The server's address without a path.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyList<FakeCall> Calls => [.. _calls];

    /// <summary>Says what the next request without an answer is answered with.</summary>
    public void Answers(params FakeStep[] steps) => _answers.Enqueue(steps);

    /// <summary>Waits until the next request has arrived.</summary>
    public Task<FakeCall> NextCall() => Wait.For(_arrived.Reader.ReadAsync().AsTask(), "a request to the fake provider");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task Start()
    {
        await _app.StartAsync();
        Address = _app.Urls.First();
    }

    protected abstract string ContentType { get; }

    /// <summary>An error status with a body.</summary>
    public static FakeStep Refuse(int status, string body, string contentType = "application/json") => call =>
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = contentType;
        return call.Write(body);
    };

    /// <summary>Refuses with what it was sent as the key, as careless servers do.</summary>
    public static FakeStep RefuseAndEchoKey(int status) => call =>
        Refuse(status, JsonSerializer.Serialize(new { error = new { message = $"Invalid header Authorization: {call.Authorization}, got key {call.Authorization?["Bearer ".Length..]}" } }))(call);

    /// <summary>Waits until the gate opens or the client goes away.</summary>
    public static FakeStep Stall(Task gate) => call => call.Stall(gate);

    /// <summary>Cuts the connection.</summary>
    public static FakeStep Drop() => call =>
    {
        call.Drop();
        return Task.CompletedTask;
    };

    /// <summary>Writes as it stands.</summary>
    public static FakeStep Raw(string text) => call => call.Write(text);

    private async Task Answer(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var call = new FakeCall(context, body.RootElement.Clone());
        _calls.Enqueue(call);
        _arrived.Writer.TryWrite(call);

        if (!_answers.TryDequeue(out var steps)) steps = [Refuse(500, """{"error":{"message":"The fake was not told what to answer."}}""")];

        context.Response.ContentType = ContentType;
        foreach (var step in steps)
        {
            if (context.RequestAborted.IsCancellationRequested) return;
            await step(call);
        }
    }
}
