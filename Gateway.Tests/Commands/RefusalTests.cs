using System.Text.Json;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Refusals;
using Gateway.Tests.Doors.Http;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Commands;

/// <summary>An exception is one code and one sentence, on every door, and holds nothing that was not meant for clients.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Every_exception_is_the_same_code_and_sentence_on_every_door()
    {
        var log = new MemorySessionLog();
        var host = new FakeSessionHost(log);
        await using var gateway = await CustomFixture.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<ISessionHost>(host)));
        gateway.Log.Announce(CommandsEvents.Failed);
        await using var socket = await WebSocketRoomClient.ConnectAsync(gateway);
        await using var json = await HubRoomClient.ConnectAsync(gateway, messagePack: false);
        await using var messagePack = await HubRoomClient.ConnectAsync(gateway, messagePack: true);
        foreach (var (exception, code) in Exceptions)
        {
            host.Fault = exception;

            var refusal = await PauseOverHttpAsync(gateway);

            Assert.Equal(code, refusal.Code);
            Assert.EndsWith(".", refusal.Sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", refusal.Sentence, StringComparison.Ordinal);
            Assert.Equal(refusal, await socket.PauseAsync("mine"));
            Assert.Equal(refusal, await json.PauseAsync("mine"));
            Assert.Equal(refusal, await messagePack.PauseAsync("mine"));
        }
    }

    [Fact]
    public void What_an_operator_should_see_is_decided_with_the_code()
    {
        var log = new TestLog(LogLevel.Warning);
        var report = new RefusalReport(log.For<RefusalReport>());

        foreach (var (exception, _) in Exceptions) report.Report("It", exception);

        Assert.Equal(
            [LogLevel.Debug, LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Error, LogLevel.Error],
            log.Entries.Select(entry => entry.Level));
        Assert.Equal(2, log.Entries.Count(entry => entry.Text.Contains("secret disk", StringComparison.Ordinal)));
    }

    private static IEnumerable<(Exception Exception, string Code)> Exceptions =>
    [
        (new GatewayException(ErrorCode.SessionFinished, "It has ended."), ErrorCode.SessionFinished),
        (new StorageException("secret disk"), ErrorCode.StorageUnavailable),
        (StorageRefusal.Create(new StorageException("secret disk")), ErrorCode.StorageUnavailable),
        (new DamagedLogException("secret row"), ErrorCode.LogDamaged),
        (new LogConflictException("secret", 1, 2), ErrorCode.InternalError),
        (new InvalidOperationException("secret"), ErrorCode.InternalError),
    ];

    private static async Task<RoomRefusal> PauseOverHttpAsync(GatewayFixture gateway)
    {
        using var http = gateway.CreateClient();
        using var answer = await http.PostAsync(new Uri("/api/v1/sessions/mine/pause", UriKind.Relative), null, TestContext.Current.CancellationToken);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var code = problem.GetProperty("code").GetString()!;
        Assert.Equal(ProblemStatus.Of(code), (int)answer.StatusCode);
        return new RoomRefusal(code, problem.GetProperty("detail").GetString()!);
    }
}
