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
    if (!Verifies(body, request.Headers)) return Results.Unauthorized();

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

// While a secret is exchanged there is a signature of each, and one has to be right. Of several, this version of the package passes
// over the last, so it is shown one at a time.
bool Verifies(string body, IHeaderDictionary headers)
{
    foreach (var signature in headers["webhook-signature"].ToString().Split(' '))
    {
        try
        {
            webhook.Verify(body, new HeaderDictionary { ["webhook-id"] = headers["webhook-id"], ["webhook-timestamp"] = headers["webhook-timestamp"], ["webhook-signature"] = signature });
            return true;
        }
        catch (WebhookVerificationException)
        {
            // Another one may be right.
        }
    }

    return false;
}
