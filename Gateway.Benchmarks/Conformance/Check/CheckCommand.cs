using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Conformance.Check;

/// <summary><c>conformance check FILE --fault NAME [--kit URL]</c>: hands a recording to a kit that runs.</summary>
internal static class CheckCommand
{
    /// <summary>Returns 0 when every promise is kept, 1 when one broke, 2 when nobody could be asked.</summary>
    public static async Task<int> RunAsync(string file, string[] args)
    {
        var kit = KitOptions.Value(args, "--kit") ?? "http://127.0.0.1:8090";
        using var http = new HttpClient();
        try
        {
            using var recording = new StreamContent(File.OpenRead(file));
            using var answer = await http.PostAsync(new Uri($"{kit.TrimEnd('/')}/kit/check?fault={KitOptions.Value(args, "--fault") ?? "none"}"), recording);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode) throw new HttpRequestException(text.Trim());
            var verdict = JsonNode.Parse(text)!;
            foreach (var breach in verdict["broken"]!.AsArray()) Console.WriteLine($"{breach!["promise"]}: {breach["what"]}");
            var isKept = verdict["ok"]!.GetValue<bool>();
            if (isKept) Console.WriteLine($"ok: {verdict["events"]} events, '{verdict["fault"]}' at {verdict["played"]!.ToJsonString()}");
            return isKept ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }
}
