using System.Text;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Conformance.Check;
using Gateway.Benchmarks.Conformance.Faults;

namespace Gateway.Benchmarks.Conformance;

/// <summary>What the kit answers itself: what it can do, what it has done, and whether a recording keeps the promises.</summary>
internal static class KitEndpoints
{
    private const int MaxRecordingBytes = 64 * 1024 * 1024;

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder app, int seed, FaultRuns runs, TruthReader truths)
    {
        app.MapGet("/kit", () => Results.Text(Words(seed)));
        app.MapGet("/kit/faults", () => Results.Text(new JsonArray([.. Fault.All.Select(fault => new JsonObject { ["fault"] = fault.Name, ["what"] = fault.Words })]).ToJsonString(), "application/json"));
        app.MapGet("/kit/runs/{session}", (string session) => Results.Text(Runs(runs, session).ToJsonString(), "application/json"));
        app.MapPost("/kit/check", (HttpContext context, CancellationToken leaving) => CheckAsync(context, truths, leaving));
    }

    private static string Words(int seed)
    {
        var text = new StringBuilder($"A gateway behind a layer that plays faults; seed {seed}.\nConnect to /ws?fault=NAME, /hub?fault=NAME or /api/v1/sessions/S/events?fault=NAME, start the workflow 'conformance', answer its question, and\nrecord what your client hands over. Then: curl --data-binary @recording.jsonl 'ADDRESS/kit/check?fault=NAME'\ndocs/clients.md has the whole story.\n\n");
        foreach (var fault in Fault.All) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{fault.Name,-10} {fault.Words}\n");
        return text.ToString();
    }

    private static JsonArray Runs(FaultRuns runs, string session) => new([.. Fault.All.Select(fault => runs.Find(session, fault)).OfType<FaultRun>().Select(run => new JsonObject
    {
        ["fault"] = run.Plan.Fault.Name,
        ["seed"] = run.Plan.Seed,
        ["played"] = new JsonArray([.. run.Played.Select(seq => JsonValue.Create(seq))]),
        ["over"] = run.IsOver,
        ["connections"] = run.Connections,
    })]);

    private static async Task<IResult> CheckAsync(HttpContext context, TruthReader truths, CancellationToken leaving)
    {
        var name = context.Request.Query["fault"].ToString();
        if (Fault.Find(name.Length == 0 ? Fault.None.Name : name) is not { } fault) return Results.Text($"There is no fault '{name}'; see /kit.\n", statusCode: StatusCodes.Status400BadRequest);
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxRecordingBytes;
        using var reader = new StreamReader(context.Request.Body);
        var lines = (await reader.ReadToEndAsync(leaving)).Split('\n');
        try
        {
            var recording = Recording.Read(lines);
            var session = context.Request.Query["session_id"].ToString();
            if (session.Length == 0) session = SessionOf(recording);
            var truth = await truths.ReadAsync(session, fault, leaving);
            return Verdict(fault, truth, recording.Events.Count, Checker.Check(recording, truth));
        }
        catch (FormatException mistake)
        {
            return Verdict(fault, null, 0, [new Breach(Promise.Readable, mistake.Message)]);
        }
        catch (HttpRequestException unknown)
        {
            return Verdict(fault, null, 0, [new Breach(Promise.Readable, $"The gateway has no such session: {unknown.Message}")]);
        }
    }

    private static string SessionOf(Recording recording) =>
        recording.Events.Select(frame => frame["data"]?["session_id"]?.GetValue<string>()).FirstOrDefault(id => id is not null)
        ?? throw new FormatException("The recording has no event, and so no session; name it in the address: '&session_id='.");

    private static IResult Verdict(Fault fault, SessionTruth? truth, int events, IReadOnlyList<Breach> breaches) => Results.Text(
        new JsonObject
        {
            ["ok"] = breaches.Count == 0,
            ["fault"] = fault.Name,
            ["session_id"] = truth?.SessionId,
            ["events"] = events,
            ["played"] = new JsonArray([.. (truth?.Played ?? []).Select(seq => JsonValue.Create(seq))]),
            ["broken"] = new JsonArray([.. breaches.Select(breach => new JsonObject { ["promise"] = breach.Promise, ["what"] = breach.Sentence })]),
        }.ToJsonString(),
        "application/json");
}
