using System.Reflection;
using Gateway.Contracts;
using Gateway.Doors.Http;
using Gateway.Doors.Http.Answers;
using Gateway.Log;
using Gateway.Refusals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Doors.Http;

public sealed class ProblemTests
{
    public static TheoryData<string> AllCodes => [.. typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(AllCodes))]
    public async Task Every_code_reaches_the_client_with_its_status_and_sentence(string code)
    {
        await using var server = await HttpServer.StartAsync();
        if (code is ErrorCode.StorageUnavailable or ErrorCode.LogDamaged) server.Logs.Announce(4502);
        server.Host.Fault = new GatewayException(code, "A sentence.");

        var response = await server.SendAsync(HttpMethod.Post, "/api/v1/sessions/mine/pause");

        Assert.True(ProblemStatus.Knows(code), $"ProblemStatus has no status for '{code}'.");
        Assert.Equal("A sentence.", await HttpServer.ProblemAsync(response, ProblemStatus.Of(code), code));
    }

    [Theory]
    [InlineData(400, ErrorCode.InvalidData, ErrorCode.InvalidSessionId, ErrorCode.SeqOutOfRange)]
    [InlineData(404, ErrorCode.UnknownSession, ErrorCode.UnknownWorkflow, ErrorCode.UnknownPrompt, ErrorCode.NotFound)]
    [InlineData(409, ErrorCode.SessionExists, ErrorCode.SessionFinished, ErrorCode.PromptAnswered, ErrorCode.SessionRunning)]
    [InlineData(413, ErrorCode.MessageTooLarge)]
    [InlineData(415, ErrorCode.UnsupportedMediaType)]
    [InlineData(422, ErrorCode.InvalidWorkflow, ErrorCode.ModelNotConfigured)]
    [InlineData(429, ErrorCode.LimitExceeded)]
    [InlineData(503, ErrorCode.StorageUnavailable, ErrorCode.ShuttingDown)]
    [InlineData(500, ErrorCode.InternalError, ErrorCode.LogDamaged)]
    public void A_code_has_the_status_clients_expect(int status, params string[] codes) =>
        Assert.All(codes, code => Assert.Equal(status, ProblemStatus.Of(code)));

    [Theory]
    [InlineData("GET", "/api/v1/sessions")]
    [InlineData("GET", "/api/v1/sessions/mine/events")]
    [InlineData("DELETE", "/api/v1/sessions/mine")]
    public async Task A_log_that_does_not_work_answers_503_and_keeps_its_reason_to_the_log(string method, string path)
    {
        await using var server = await HttpServer.StartAsync();
        server.Logs.Announce(4502);
        server.Log.Fault = new StorageException("disk full at secret.db");

        var sentence = await HttpServer.ProblemAsync(await server.SendAsync(new HttpMethod(method), path), 503, ErrorCode.StorageUnavailable);

        Assert.DoesNotContain("secret", sentence);
        Assert.Contains("disk full", Assert.Single(server.Logs.Serious).Message);
    }

    [Fact]
    public async Task A_damaged_log_says_so()
    {
        await using var server = await HttpServer.StartAsync();
        server.Logs.Announce(4502);
        server.Host.Fault = new DamagedLogException("row 7 of secret.db");

        Assert.DoesNotContain("secret", await HttpServer.ProblemAsync(await server.GetAsync("/api/v1/sessions/mine"), 500, ErrorCode.LogDamaged));
    }

    [Fact]
    public async Task An_unexpected_exception_is_logged_once_and_tells_the_client_nothing()
    {
        await using var server = await HttpServer.StartAsync();
        server.Logs.Announce(4503);
        server.Host.Fault = new InvalidOperationException("secret");

        var sentence = await HttpServer.ProblemAsync(await server.GetAsync("/api/v1/sessions/mine"), 500, ErrorCode.InternalError);

        Assert.DoesNotContain("secret", sentence);
        var entry = Assert.Single(server.Logs.Serious);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Same(server.Host.Fault, entry.Exception);
    }

    [Fact]
    public async Task A_body_the_server_itself_cuts_off_is_too_large()
    {
        await using var server = await HttpServer.StartAsync();
        server.Host.Fault = new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);

        await HttpServer.ProblemAsync(await server.SendAsync(HttpMethod.Post, "/api/v1/sessions/mine/pause"), 413, ErrorCode.MessageTooLarge);
    }

    [Fact]
    public async Task A_refusal_is_not_worth_a_warning()
    {
        await using var server = await HttpServer.StartAsync();
        server.Host.Fault = new GatewayException(ErrorCode.SessionFinished, "It has ended.");

        await HttpServer.ProblemAsync(await server.PostAsync("/api/v1/sessions/mine/input", """{"content":"hello"}"""), 409, ErrorCode.SessionFinished);

        Assert.Empty(server.Logs.Serious);
    }

    [Fact]
    public async Task Mapping_without_adding_names_the_missing_call()
    {
        await using var app = WebApplication.CreateBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapHttpApi());

        Assert.Contains("builder.Services.AddHttpApi()", exception.Message);
    }
}
