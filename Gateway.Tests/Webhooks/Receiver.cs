using System.Net;
using System.Threading.Channels;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>A server on this machine that is told; it answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>What it answers; 204 unless a test says otherwise.</summary>
    public Func<Delivery, HttpContext, Task> Answer { get; set; } = (_, context) => Status(context, HttpStatusCode.NoContent);

    /// <summary>Where messages are posted.</summary>
    public string Url { get; private set; } = "";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/hooks", receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = $"{app.Urls.Single()}/hooks";
        return receiver;
    }

    public static Task Status(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    }

    /// <summary>The next message that came, whatever it was answered.</summary>
    public Task<Delivery> NextAsync() => Wait.For(_deliveries.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "a message");

    /// <summary>Whether there is one that the test has not looked at.</summary>
    public bool HasMore => _deliveries.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        var delivery = new Delivery(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), body, headers);
        _deliveries.Writer.TryWrite(delivery);
        await Answer(delivery, context);
    }
}
