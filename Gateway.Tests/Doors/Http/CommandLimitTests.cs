using System.Net;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Http;

/// <summary>Commands over HTTP are counted by connection.</summary>
public sealed class CommandLimitTests
{
    [Fact]
    public async Task A_connection_that_sends_too_many_commands_is_told_which_setting_refuses_them()
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:Limits:CommandBurst"] = "3", ["Gateway:Limits:CommandsPerSecond"] = "1" });
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = gateway.Address };
        var statuses = new List<HttpStatusCode>();
        var refusal = string.Empty;
        for (var n = 0; n < 6; n++)
        {
            using var answer = await http.PostAsync(new Uri("/api/v1/sessions/none/pause", UriKind.Relative), null, TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) refusal = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], statuses.Take(3));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Contains("Gateway:Limits:CommandsPerSecond", refusal, StringComparison.Ordinal);
        Assert.Contains(ErrorCode.LimitExceeded, refusal, StringComparison.Ordinal);
        using var read = await http.GetAsync(new Uri("/api/v1/sessions", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }
}
