using System.Text;
using Xunit;
using static Gateway.Tests.Models.Bytes;

namespace Gateway.Tests.Models;

/// <summary>Answers as servers have really sent them.</summary>
internal static class AnswerCases
{
    private const string Unreadable = "sent something that cannot be read; check that Gateway:Models:m:Endpoint speaks the API of its provider.";
    private const string Lost = "broke off: the connection to its provider was lost in mid-answer; try again.";
    private const string Wordless = "ended without a word; check that Gateway:Models:m:Endpoint speaks the API of its provider.";

    public static TheoryData<AnswerCase> All => [.. Ends(), .. Errors(), .. Usages(), .. Lenient(), .. Reasoning(), .. Ollama()];

    private static IEnumerable<AnswerCase> Ends()
    {
        const string Last = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"world\"},\"finish_reason\":\"stop\"}]}";
        yield return new("last event without a line end", T("Hello ") + Last) { Text = "Hello world" };
        yield return new("last event without a blank line", T("Hello ") + Last + "\n") { Text = "Hello world" };
        yield return new("no blank lines at all", (T("Hello ") + T("world") + Stop + Done).Replace("\n\n", "\n", StringComparison.Ordinal)) { Text = "Hello world" };
        yield return new("finish reason, no mark", T("yes") + Stop) { Text = "yes" };
        yield return new("mark, no finish reason", T("yes") + "data:[DONE]") { Text = "yes" };
        yield return new("carriage returns", (T("Hello ") + T("world") + Stop + Done).ReplaceLineEndings("\r")) { Text = "Hello world" };
        yield return new("carriage returns and line feeds", (T("Hello ") + T("world") + Stop + Done).ReplaceLineEndings("\r\n")) { Text = "Hello world" };
        yield return new("neither", T("Half a ")) { Text = "Half a ", Failure = Lost };
        yield return new("cut in a piece", T("Half a ") + "data: {\"choices\":[{\"del") { Text = "Half a ", Failure = Lost };
        yield return new("empty reasons and then the end of the connection", Delta("""{"content":"Hello"}""", "\"\"") + Delta("""{"content":" world"}""", "\"\"")) { Text = "Hello world", Failure = Lost };
        yield return new("a page", "<html><body>\nWelcome\n</body></html>") { Failure = Wordless, Type = "text/html" };
        yield return new("nothing", "") { Failure = Wordless };
        yield return new("the mark alone", Done) { Failure = Wordless };
        yield return new("a junk tail behind the end", T("yes") + Stop + "data: {\"choi") { Text = "yes" };
        foreach (var reason in new[] { "eos", "eos_token", "normal", "end_turn", "STOP", "stop_sequence", "whatever", "MAX_TOKENS", "max_tokens", "length" })
        {
            yield return new($"reason {reason}", T("Hello ") + T("world") + Delta("{}", $"\"{reason}\"") + Use + Done) { Text = "Hello world", Usage = "10/5" };
        }

        foreach (var reason in new[] { "insufficient_system_resource", "abort" })
        {
            yield return new($"reason {reason}", T("Hello ") + Delta("{}", $"\"{reason}\"") + Done) { Text = "Hello ", Failure = $"broke off its answer: its provider ended it with the reason \"{reason}\"." };
        }

        yield return new("reason error", T("Hello ") + Delta("{}", "\"error\"") + Done) { Text = "Hello ", Failure = "The model \"m\" broke off its answer." };
        yield return new("empty reason in every piece", Delta("""{"content":"Hello"}""", "\"\"") + Delta("""{"content":" world"}""", "\"\"") + Stop + Done) { Text = "Hello world" };
        yield return new("stop in every piece", Delta("""{"content":"Hello"}""", "\"stop\"") + Delta("""{"content":" world"}""", "\"stop\"") + Done) { Text = "Hello world" };
    }

    private static IEnumerable<AnswerCase> Errors()
    {
        (string Name, string Wire, string Words)[] errors =
        [
            ("object error", Data("""{"object":"error","message":"max context length exceeded","type":"BadRequestError","code":400}"""), "max context length exceeded."),
            ("text and error code", Data("""{"text":"**NETWORK ERROR...**","error_code":50001}"""), "**NETWORK ERROR...**."),
            ("code and message", Data("""{"code":50505,"message":"Model service overloaded."}"""), "Model service overloaded."),
            ("detail", Data("""{"detail":"Internal error"}"""), "Internal error."),
            ("error type and message", Data("""{"error_type":"context_length_exceeded","error_message":"context is full"}"""), "context is full."),
            ("event error", "event: error\n" + Data("""{"message":"Model crashed","code":500}"""), "Model crashed."),
            ("event error with an error", "event: error\n" + Data("""{"error":{"message":"context is full"}}"""), "context is full."),
            ("event error in words", "event: error\ndata: out of memory\n\n", "out of memory."),
            ("field error", "error: {\"code\":500,\"message\":\"Context size has been exceeded.\"}\n\n", "Context size has been exceeded."),
            ("no frame", "{\"error\":{\"code\":500,\"message\":\"GPU lost\"}}\n", "GPU lost."),
            ("no frame, several lines", "{\n  \"error\": {\n    \"message\": \"GPU lost\"\n  }\n}\n", "GPU lost."),
            ("several data lines", "data: {\ndata:   \"error\": {\ndata:     \"message\": \"overloaded\"\ndata:   }\ndata: }\n\n", "overloaded."),
            ("in the choice", Data("""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"Upstream idle timeout exceeded"}}]}"""), "Upstream idle timeout exceeded."),
            ("in the choice without a reason", Data("""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":null,"error":{"code":502,"message":"Upstream idle timeout exceeded"}}]}"""), "Upstream idle timeout exceeded."),
            ("in a list", Data("""[{"error":{"code":400,"message":"API key not valid."}}]"""), "API key not valid."),
            ("a text", Data("""{"error":"engine stopped"}"""), "engine stopped."),
            ("Anthropic's", Data("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""), "Overloaded."),
            ("a long line", Data("{\"pad\":\"" + new string('x', 2_000_000) + "\",\"error\":{\"message\":\"too long\"}}"), "too long."),
        ];
        foreach (var (name, wire, words) in errors)
        {
            yield return new($"error, {name}, after text", T("Hello ") + wire + Done) { Text = "Hello ", Failure = "broke off its answer: " + words };
            yield return new($"error, {name}, without the mark", T("Hello ") + wire) { Text = "Hello ", Failure = "broke off its answer: " + words };
            yield return new($"error, {name}, first", wire + Done) { Failure = "answered with an error: " + words };
        }

        yield return new("200 with an error", """{"error":{"message":"Insufficient credits","code":402}}""") { Failure = "answered with an error: Insufficient credits.", Type = "application/json" };
        yield return new("200 with an error about the address", """{"error":"Unexpected endpoint or method. (POST /chat/completions)"}""")
        {
            Failure = "answered with an error: Unexpected endpoint or method. (POST /chat/completions). Check Gateway:Models:m:Endpoint (",
            Type = "application/json",
        };
        yield return new("null and empty errors are none", Data("""{"error":null,"choices":[{"delta":{"content":"a"}}]}""") + Data("""{"error":"","error_code":0,"choices":[{"delta":{"content":"b"}}]}""") + Data("""{"error":{},"choices":[{"delta":{"content":"c"},"finish_reason":"stop"}]}""")) { Text = "abc" };
        yield return new("the signs inside the text", T("\"error\": {} data: [DONE] \"finish_reason\":\"stop\" <think>") + Stop + Done) { Text = "\"error\": {} data: [DONE] \"finish_reason\":\"stop\" <think>" };
    }

    private static IEnumerable<AnswerCase> Usages()
    {
        static string Total(int output) => $",\"usage\":{{\"prompt_tokens\":100,\"completion_tokens\":{output},\"total_tokens\":{100 + output}}}";
        static string Finish(string usage) => $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}],\"usage\":{usage}}}\n\n";
        const string Hundred = """{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}""";
        yield return new("usage in every piece", string.Concat(Enumerable.Range(1, 10).Select(i => T("w ", Total(i)))) + Finish(Hundred) + Done) { Text = string.Concat(Enumerable.Repeat("w ", 10)), Usage = "100/10" };
        yield return new("usage twice", T("Hi") + Finish(Hundred) + Data("{\"choices\":[]" + Total(10) + "}") + Done) { Text = "Hi", Usage = "100/10" };
        yield return new("usage, then an empty one", T("Hi") + Use + Finish("{}") + Done) { Text = "Hi", Usage = "10/5" };
        foreach (var holes in new[] { "{}", "null", """{"prompt_tokens":null,"completion_tokens":null}""", """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", """{"total_tokens":9}""", """{"prompt_tokens":-3,"completion_tokens":-1}""", """{"prompt_tokens":"x","completion_tokens":1e300}""", "[]", "7" })
        {
            yield return new($"usage {holes}", T("all") + Finish(holes) + Done) { Text = "all", Usage = null };
        }

        yield return new("usage as floats and texts", T("all") + Finish("""{"prompt_tokens":3.0,"completion_tokens":"4","total_tokens":7}""") + Done) { Text = "all", Usage = "3/4" };
        yield return new("usage with null details", T("all") + Finish("""{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"completion_tokens_details":{"reasoning_tokens":null},"prompt_tokens_details":null}""") + Done) { Text = "all", Usage = "3/4" };
        yield return new("usage of Groq", T("all") + "data: {\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}}\n\n" + Stop + Done) { Text = "all", Usage = "3/4" };
    }

    private static IEnumerable<AnswerCase> Lenient()
    {
        foreach (var beat in new[] { "data:\n\n", "data: \n\n", "data: heartbeat\n\n", "data: : keepalive\n\n", "event: ping\ndata: {\"type\":\"ping\"}\n\n", "data: {\"type\":\"ping\"}\n\n", "data: {}\n\n", "data: null\n\n", ": comment\n\n", ":\n\n", "\n\n", "id: 7\nretry: 3000\n\n", "event: keepalive\ndata: 2026-11-26\n\n" })
        {
            yield return new($"heartbeat {System.Text.Json.JsonSerializer.Serialize(beat)}", beat + T("Hello ") + beat + T("world") + Stop + beat + Done) { Text = "Hello world" };
        }

        yield return new("emoji in two halves", Data("""{"choices":[{"delta":{"content":"a\ud83d"}}]}""") + Data("""{"choices":[{"delta":{"content":"\ude00b\n"}}]}""") + Stop + Done) { Text = "a😀b\n" };
        yield return new("half an emoji", Data("""{"choices":[{"delta":{"content":"a\ud83d"}}]}""") + Stop + Done) { Text = "a\uFFFD" };
        yield return new("the wrong half of an emoji", Data("""{"choices":[{"delta":{"content":"\ude00b"}}]}""") + Stop + Done) { Text = "\uFFFDb" };
        yield return new("bytes that are no UTF-8", [.. "data: {\"choices\":[{\"delta\":{\"content\":\"ok "u8, 0xF0, 0x9F, .. "\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\""u8, 0x98, 0x80, .. "!\"}}]}\n\n"u8, .. Encoding.UTF8.GetBytes(Stop + Done)]) { Text = "ok \uFFFD\uFFFD\uFFFD!" };
        yield return new("a byte order mark, and line ends of Windows", "\uFEFF" + (T("Hello ") + T("world") + Stop + Done).Replace("\n", "\r\n", StringComparison.Ordinal)) { Text = "Hello world" };
        yield return new("thinking parts", Delta("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}""") + Delta("""{"content":[{"type":"text","text":"4"},{"type":"reference","reference_ids":[1]},"2"]}""") + Stop + Done) { Text = "42", Thinking = "hm" };
        yield return new("a document in place of a stream", """{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""") { Text = "Hello", Usage = "3/4", Type = "application/json" };
        yield return new("a document over several lines", "\n\n{\n \"choices\": [\n  {\n   \"message\": {\n    \"content\": \"Hello\"\n   }\n  }\n ]\n}") { Text = "Hello", Type = "application/json" };
        yield return new("messages so far", Data("""{"choices":[{"message":{"content":"Hel"}}]}""") + Data("""{"choices":[{"message":{"content":"Hello"}}]}""") + Stop) { Text = "Hello" };
        yield return new("messages in parts", Data("""{"choices":[{"message":{"content":"Hel"}}]}""") + Data("""{"choices":[{"message":{"content":"lo"}}]}""") + Stop) { Text = "Hello" };
        yield return new("a message that repeats the pieces", T("Hel") + T("lo") + Data("""{"choices":[{"delta":{},"message":{"content":"Hello"},"finish_reason":"stop"}]}""") + Done) { Text = "Hello" };
        yield return new("several choices", Data("""{"choices":[{"index":0,"delta":{"content":"A1 "}},{"index":1,"delta":{"content":"B1 "}}]}""") + Data("""{"choices":[{"index":1,"delta":{"content":"B2 "},"finish_reason":"stop"}]}""") + Data("""{"choices":[{"index":0,"delta":{"content":"A2"},"finish_reason":"stop"}]}""") + Done) { Text = "A1 A2" };
        yield return new("Azure's filter pieces", Data("""{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}""") + T("Hello") + Data("""{"choices":[{"index":0,"finish_reason":null,"content_filter_results":{},"content_filter_offsets":{}}]}""") + Stop + Data("""{"choices":[{"index":0,"content_filter_results":{}}]}""") + Done) { Text = "Hello" };
        yield return new("odd members", Delta("""{"role":"assistant","content":null,"tool_calls":null,"function_call":null,"refusal":null,"annotations":[]}""") + Data("""{"id":null,"created":"x","model":7,"choices":[{"index":null,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}],"usage":null}""") + Data("""{"choices":[{"index":0,"delta":null,"finish_reason":"stop"}]}""") + Data("""{"choices":null}""") + Done) { Text = "Hello" };
        yield return new("control characters", T("\u0000\u001b\u2028</script>\u202e") + Stop) { Text = "\u0000\u001b\u2028</script>\u202e" };
        foreach (var broken in new[] { "{\"choices\":[{", "not json at all", "[1,2,3]", "{\"choices\":\"none\"}", "{\"choices\":[{\"index\":\"x\",\"delta\":42}]}", "{\"choices\":[7]}", "{\"choices\":[{\"delta\":{\"content\":\"a\tb\"}}]}" })
        {
            yield return new($"broken {broken}", T("Hello") + Data(broken) + Done) { Text = "Hello", Failure = Unreadable };
        }

        yield return new("a line without end", new string('x', 17 * 1024 * 1024)) { Failure = Unreadable };
    }

    private static IEnumerable<AnswerCase> Reasoning()
    {
        yield return new("think tags", T("<thi") + T("nk>secret plan</th") + T("ink>\n\n42") + Stop + Done) { Text = "42", Thinking = "secret plan" };
        yield return new("think tags in one piece", T(" \n<think>a < b</think>42</think>") + Stop + Done) { Text = "42</think>", Thinking = "a < b" };
        yield return new("a think tag in mid-text", T("The tag <think>") + T("is a tag</think>.") + Stop + Done) { Text = "The tag <think>is a tag</think>." };
        yield return new("a text like a tag", T("<th") + T("ree>") + Stop + Done) { Text = "<three>" };
        yield return new("a text that ends like a tag", T("<thi") + Stop + Done) { Text = "<thi" };
        yield return new("think tags beside reasoning", Delta("""{"reasoning":"hm"}""") + T("<think>is a tag") + Stop + Done) { Text = "<think>is a tag", Thinking = "hm" };
        yield return new("reasoning under three names", Delta("""{"reasoning":"hm","reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}""") + T("42") + Stop) { Text = "42", Thinking = "hm" };
        yield return new("reasoning details alone", Delta("""{"reasoning_details":[{"type":"reasoning.text","text":"h"},{"type":"reasoning.summary","summary":"m"},{"type":"reasoning.encrypted","data":"xx"}]}""") + T("42") + Stop) { Text = "42", Thinking = "hm" };
    }

    private static IEnumerable<AnswerCase> Ollama()
    {
        static AnswerCase Case(string name, string wire) => new(name, wire) { Provider = "ollama", Type = "application/x-ndjson" };
        yield return With(Case("lines", O("Hello ") + O("world") + Fin), "Hello world", usage: "10/5");
        yield return With(Case("lines that say nothing", "null\n[]\n" + O("Hello") + "null\n" + Fin), "Hello", usage: "10/5");
        yield return With(Case("two ends", O("Hello") + Fin + Fin), "Hello", usage: "10/5");
        yield return With(Case("empty lines and line ends of Windows", ("\n" + O("Hello") + "\n" + Fin).Replace("\n", "\r\n", StringComparison.Ordinal)), "Hello", usage: "10/5");
        yield return With(Case("last line without end", "\uFEFF" + O("Hello") + Fin.TrimEnd()), "Hello");
        yield return With(Case("no message at the end", O("Hello") + """{"model":"m","done":true,"eval_count":5}"""), "Hello", usage: "/5");
        yield return With(Case("no counts", O("Hello") + """{"done":true}"""), "Hello", usage: null);
        yield return With(Case("thinking", """{"message":{"content":"","thinking":"hm"},"done":false}""" + "\n" + O("42") + Fin), "42", thinking: "hm");
        yield return With(Case("think tags", O("<think>") + O("hm</think>") + O("42") + Fin), "42", thinking: "hm");
        yield return With(Case("an emoji in two halves", O("a").Replace("\"a\"", "\"a\\ud83d\"", StringComparison.Ordinal) + O("b").Replace("\"b\"", "\"\\ude00\"", StringComparison.Ordinal) + Fin), "a😀");
        yield return With(Case("a whole document", "{\n \"message\": {\n  \"content\": \"Hello\"\n },\n \"done\": true\n}"), "Hello");
        yield return With(Case("cut", O("Half a ")), "Half a ", failure: Lost);
        yield return With(Case("cut in a line", O("Half a ") + "{\"mess"), "Half a ", failure: Lost);
        yield return With(Case("a broken line", O("Hello") + "{\"message\":\n" + Fin), "Hello", failure: Unreadable);
        yield return With(Case("an error", O("Hello") + "{\"error\":\"out of memory\"}\n"), "Hello", failure: "broke off its answer: out of memory.");
        yield return With(Case("an error without end", "{\"error\":{\"message\":\"out of memory\"}}"), "", failure: "answered with an error: out of memory.");
        yield return With(Case("words", "Ollama is running"), "", failure: Wordless);
        yield return With(Case("a page", "<html>\n</html>"), "", failure: Wordless);
    }

    private static AnswerCase With(AnswerCase it, string text, string thinking = "", string? failure = null, string? usage = "")
    {
        (it.Text, it.Thinking, it.Failure, it.Usage) = (text, thinking, failure, usage);
        return it;
    }
}
