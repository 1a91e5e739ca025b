using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class BadInputTests
{
    private const string Sessions = "/api/v1/sessions";

    public static TheoryData<string, string> WrongShapes => new()
    {
        { """{"workflow_id":7}""", "'workflow_id' must be a string." },
        { """{"workflow_id":"quick-answer","subject":{}}""", "'subject' must be a string." },
        { """{"workflow_id":"quick-answer","session_id":["s"]}""", "'session_id' must be a string." },
        { """{"workflow_id":"quick-answer","input":7}""", "'input' is a string or an object." },
        { """{"workflow":"quick-answer"}""", "'workflow' must be an object." },
        { """{"workflow_id":"quick-answer","template_id":"council-debate"}""", "'workflow_id' is 'quick-answer' but 'template_id' is 'council-debate': they are names of the same, give one of them." },
        { """{"workflow_id":"quick-answer","input":"a","subject":"b"}""", "Give 'input' or 'subject', not both." },
        { """{"workflow_id":"quick-answer","workflow":{}}""", "Give 'workflow_id' or 'workflow', not both." },
        { "{}", "'workflow_id' is missing; GET /api/v1/workflows lists the workflows." },
        { "[]", "The body must be an object." },
        { "\"start\"", "The body must be an object." },
        { "null", "The body must be an object." },
        { "", "The body is missing: send a JSON object." },
    };

    [Theory]
    [MemberData(nameof(WrongShapes))]
    public async Task A_wrong_shape_is_refused_with_the_member_it_is_about(string body, string sentence)
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Equal(sentence, await HttpServer.ProblemAsync(await server.PostAsync(Sessions, body), 400, ErrorCode.InvalidData));
        Assert.Empty(server.Host.Calls);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task An_encoded_body_is_told_so(string encoding)
    {
        await using var server = await HttpServer.StartAsync();
        using var content = new StringContent("""{"workflow_id":"quick-answer","subject":"x"}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add(encoding);

        var response = await server.Client.PostAsync(Sessions, content, TestContext.Current.CancellationToken);

        Assert.Equal("identity", Assert.Single(response.Headers.GetValues("Accept-Encoding")));
        Assert.Contains($"'{encoding}'", await HttpServer.ProblemAsync(response, 415, ErrorCode.UnsupportedMediaType), StringComparison.Ordinal);
        Assert.Empty(server.Host.Calls);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("{}{}")]
    [InlineData("""{"workflow_id":"quick-answer",}""")]
    [InlineData("{'workflow_id':'quick-answer'}")]
    [InlineData("{\"subject\":\"raw \0 byte\"}")]
    [InlineData("   ")]
    public async Task What_is_not_JSON_is_refused_with_the_place(string body)
    {
        await using var server = await HttpServer.StartAsync();

        var sentence = await HttpServer.ProblemAsync(await server.PostAsync(Sessions, body), 400, ErrorCode.InvalidData);

        Assert.Matches(@"^The body is not valid JSON: .+ \(line \d+, byte \d+\)\.$", sentence);
    }

    [Fact]
    public async Task An_input_of_one_megabyte_is_taken_whole()
    {
        await using var server = await HttpServer.StartAsync();
        var input = new string('x', 1024 * 1024);

        var response = await server.PostAsync(Sessions, $$"""{"workflow_id":"quick-answer","input":"{{input}}"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(input, Assert.Single(server.Host.Started).Input);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_two_megabytes_is_too_large(bool chunked)
    {
        await using var server = await HttpServer.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, Sessions) { Content = new ByteArrayContent(new byte[(2 * 1024 * 1024) + 1]) };
        request.Content.Headers.ContentType = new("application/json");
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = true;
            request.Content.Headers.ContentLength = null;
        }

        await HttpServer.ProblemAsync(await server.SendAsync(request), 413, ErrorCode.MessageTooLarge);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(64)]
    public async Task JSON_nested_too_deeply_is_refused(int depth)
    {
        await using var server = await HttpServer.StartAsync();

        // The body's own object is one level more.
        var sentence = await HttpServer.ProblemAsync(await server.PostAsync(Sessions, Nested(depth)), 400, ErrorCode.InvalidData);

        Assert.Equal("The body is nested more than 64 levels deep.", sentence);
    }

    [Fact]
    public async Task JSON_of_sixty_four_levels_is_read()
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Equal(HttpStatusCode.Created, (await server.PostAsync(Sessions, Nested(63))).StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    public async Task Invalid_UTF8_is_refused(byte[] broken)
    {
        await using var server = await HttpServer.StartAsync();
        byte[] body = [.. "{\"workflow_id\":\"quick-answer\",\"input\":\""u8, .. broken, .. "\"}"u8];

        Assert.Equal("The body is not valid UTF-8.", await HttpServer.ProblemAsync(await server.PostAsync(Sessions, body), 400, ErrorCode.InvalidData));
    }

    [Theory]
    [InlineData("""{"workflow_id":"quick-answer","input":"\ud800"}""")]
    [InlineData("""{"workflow_id":"quick-answer","input":{"a":["\udc00 x"]}}""")]
    [InlineData("""{"\ud800":1}""")]
    public async Task Half_a_character_is_refused(string body)
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Contains("half a character", await HttpServer.ProblemAsync(await server.PostAsync(Sessions, body), 400, ErrorCode.InvalidData));
    }

    [Fact]
    public async Task A_NUL_in_a_string_is_taken_as_it_is()
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.JsonAsync(await server.PostAsync(Sessions, """{"workflow_id":"quick-answer","input":"a\u0000b"}"""), HttpStatusCode.Created);

        Assert.Equal("a\0b", Assert.Single(server.Host.Started).Input);
    }

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        await using var server = await HttpServer.StartAsync();
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{"workflow_id":"quick-answer"}"""u8];

        Assert.Equal(HttpStatusCode.Created, (await server.PostAsync(Sessions, body)).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_sent_as_JSON_is_refused(string? contentType)
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.PostAsync(Sessions, Encoding.UTF8.GetBytes("""{"workflow_id":"quick-answer"}"""), contentType);

        Assert.Contains("Content-Type: application/json", await HttpServer.ProblemAsync(response, 415, ErrorCode.UnsupportedMediaType));
        Assert.Empty(server.Host.Calls);
    }

    [Fact]
    public async Task An_unknown_workflow_is_refused_by_name()
    {
        await using var server = await HttpServer.StartAsync();

        var sentence = await HttpServer.ProblemAsync(await server.PostAsync(Sessions, """{"workflow_id":"nothing"}"""), 404, ErrorCode.UnknownWorkflow);

        Assert.Contains("'nothing'", sentence);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("line\n")]
    [InlineData("ü")]
    public async Task A_session_id_of_another_form_is_refused(string id)
    {
        await using var server = await HttpServer.StartAsync();
        var body = JsonSerializer.Serialize(new { workflow_id = "quick-answer", session_id = id });

        await HttpServer.ProblemAsync(await server.PostAsync(Sessions, body), 400, ErrorCode.InvalidSessionId);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/events")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/cancel")]
    public async Task A_path_in_the_address_instead_of_a_session_id_is_refused(string method, string rest)
    {
        await using var server = await HttpServer.StartAsync();

        await HttpServer.ProblemAsync(await server.SendAsync(new HttpMethod(method), $"{Sessions}/..%2F..%2Fetc{rest}"), 400, ErrorCode.InvalidSessionId);
    }

    [Theory]
    [InlineData("""{"content":""}""")]
    [InlineData("{}")]
    [InlineData("""{"content":null}""")]
    public async Task Input_that_says_nothing_is_refused(string body)
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Contains("'content'", await HttpServer.ProblemAsync(await server.PostAsync($"{Sessions}/mine/input", body), 400, ErrorCode.InvalidData));
    }

    [Theory]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/v2/sessions")]
    [InlineData("POST", "/api/v1/sessions/mine/explode")]
    [InlineData("GET", "/api/v1/sessions/a/b/c")]
    public async Task An_address_where_nothing_is_answers_a_problem(string method, string path)
    {
        await using var server = await HttpServer.StartAsync();

        Assert.Contains(path, await HttpServer.ProblemAsync(await server.SendAsync(new HttpMethod(method), path), 404, ErrorCode.NotFound));
    }

    [Theory]
    [InlineData("PUT", "/api/v1/sessions")]
    [InlineData("GET", "/api/v1/sessions/mine/pause")]
    [InlineData("POST", "/api/v1/workflows")]
    public async Task A_method_that_an_address_does_not_take_is_refused_with_those_it_does(string method, string path)
    {
        await using var server = await HttpServer.StartAsync();

        var response = await server.SendAsync(new HttpMethod(method), path);

        var sentence = await HttpServer.ProblemAsync(response, 405, ErrorCode.MethodNotAllowed);
        Assert.NotEmpty(response.Content.Headers.Allow);
        Assert.All(response.Content.Headers.Allow, allowed => Assert.Contains(allowed, sentence));
    }

    private static string Nested(int depth) =>
        $$"""{"workflow_id":"quick-answer","input":{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}1{{new string('}', depth)}}}""";
}
