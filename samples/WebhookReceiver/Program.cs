using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024);
var secret = builder.Configuration["Secret"] ?? throw new InvalidOperationException("Say with what messages are signed: --Secret=whsec_...");
var webhook = new StandardWebhook(secret);
var app = builder.Build();

// A message may come twice, with the same id. In your program this is a table, written in the transaction that does the work.
var done = new ConcurrentDictionary<string, bool>();

app.MapPost("/hooks", async (HttpRequest request, CancellationToken cancellationToken) =>
{
    // The signature is of the bytes that came, so it is checked before anything is made of them.
    using var reader = new StreamReader(request.Body, Encoding.UTF8);
    var body = await reader.ReadToEndAsync(cancellationToken);
    try
    {
        webhook.Verify(body, request.Headers);
    }
    catch (WebhookVerificationException)
    {
        return Results.Unauthorized();
    }

    var id = request.Headers["webhook-id"].ToString();
    using var message = JsonDocument.Parse(body);
    var type = message.RootElement.GetProperty("type").GetString();
    var session = message.RootElement.GetProperty("data").GetProperty("session_id").GetString();
    Console.WriteLine(done.TryAdd(id, true) ? $"{type} {session} ({id})" : $"again {id}");

    // Any 2xx within 15 seconds: work that takes longer goes into a queue of your own. What it is about is asked of the gateway:
    // GET /api/v1/sessions/{session_id}, GET /api/v1/prompts.
    return Results.NoContent();
});

app.Run();
