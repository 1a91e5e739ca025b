using System.Threading.Channels;
using Gateway.Log;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Log;

public sealed class LogHistoryServiceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(Sample.Start));
    private readonly RecordingHistory _history = new();
    private readonly RecordingListener _listener = new();
    private readonly TestLog _logger = new();
    private readonly StorageOptions _options = new();
    private readonly RetentionOptions _retention = new() { MaxAge = TimeSpan.FromDays(30), MaxSessions = 5, Interval = TimeSpan.FromMinutes(10) };

    public void Dispose()
    {
        _logger.Check();
        _logger.Dispose();
    }

    [Fact]
    public async Task Round_deletes_step_by_step_until_nothing_is_left()
    {
        _history.Deletions.Enqueue(20);
        _history.Deletions.Enqueue(3);
        using var service = await StartAsync();

        for (var i = 0; i < 3; i++) Assert.Equal($"delete {Sample.Start.AddDays(-30):O} 5 {LogHistoryService.StepSize}", await NextAsync());
        await service.StopAsync(CancellationToken.None);

        Assert.False(_history.Calls.Reader.TryRead(out _));
        Assert.Equal([20, 3], _listener.Told.Select(t => t.Count));
        Assert.Equal((LogLevel.Information, LogEvents.FinishedDeleted, "Deleted 23 finished sessions, too old or too many"), Assert.Single(_logger.Entries.Select(e => (e.Level, e.Id, e.Message))));
    }

    [Fact]
    public async Task Round_comes_at_the_start_and_after_every_interval()
    {
        using var service = await StartAsync();
        await NextAsync();

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith($"delete {Sample.Start.AddDays(-30).AddMinutes(10):O}", await NextAsync(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith($"delete {Sample.Start.AddDays(-30).AddMinutes(20):O}", await NextAsync(), StringComparison.Ordinal);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Without_limits_and_compaction_history_is_left_alone()
    {
        _retention.MaxAge = null;
        _retention.MaxSessions = null;
        using var service = await StartAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        await service.StopAsync(CancellationToken.None);

        Assert.False(_history.Calls.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Compaction_runs_when_it_is_on()
    {
        _retention.MaxAge = null;
        _retention.MaxSessions = null;
        _options.Compact = true;
        _history.Compactions.Enqueue(7);
        using var service = await StartAsync();

        Assert.Equal($"compact {LogHistoryService.StepSize}", await NextAsync());
        Assert.Equal($"compact {LogHistoryService.StepSize}", await NextAsync());
        await service.StopAsync(CancellationToken.None);

        Assert.Equal((LogLevel.Information, LogEvents.FinishedCompacted, "Compacted 7 finished sessions"), Assert.Single(_logger.Entries.Select(e => (e.Level, e.Id, e.Message))));
    }

    [Fact]
    public async Task Store_that_fails_is_tried_again_in_the_next_round()
    {
        await RoundsAsync(firstFailsWith: new StorageException("The disk is full."));

        Assert.Equal((LogLevel.Warning, LogEvents.HistoryFailed), Assert.Single(_logger.Entries.Select(e => (e.Level, e.Id))));
    }

    [Fact]
    public async Task What_nobody_thought_of_is_an_error_in_the_log_and_not_the_end_of_the_gateway()
    {
        _logger.Announce(LogEvents.HistoryFailedUnexpectedly);
        await RoundsAsync(firstFailsWith: new InvalidOperationException("A constraint failed."));

        Assert.Equal((LogLevel.Error, LogEvents.HistoryFailedUnexpectedly), Assert.Single(_logger.Entries.Select(e => (e.Level, e.Id))));
    }

    [Fact]
    public async Task Age_beyond_the_calendar_is_one_that_no_session_reaches()
    {
        _retention.MaxAge = TimeSpan.MaxValue;
        using var service = await StartAsync();

        Assert.Equal($"delete  5 {LogHistoryService.StepSize}", await NextAsync());
        await service.StopAsync(CancellationToken.None);
        Assert.Empty(_logger.Entries);
    }

    private async Task<LogHistoryService> StartAsync()
    {
        var service = new LogHistoryService(_history, [_listener], Options.Create(_options), Options.Create(_retention), _time, _logger.For<LogHistoryService>());
        await service.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    // The first round fails, and the next one comes all the same.
    private async Task RoundsAsync(Exception firstFailsWith)
    {
        _history.Failure = firstFailsWith;
        using var service = await StartAsync();
        await NextAsync();
        _history.Failure = null;

        _time.Advance(TimeSpan.FromMinutes(10));
        await NextAsync();
        await service.StopAsync(CancellationToken.None);
    }

    private Task<string> NextAsync() => Wait.For(_history.Calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "the next call of the history");

    private sealed class RecordingListener : IDeletionListener
    {
        public List<IReadOnlyCollection<string>> Told { get; } = [];

        public void OnDeleted(IReadOnlyCollection<string> sessionIds) => Told.Add(sessionIds);
    }

    /// <summary>Notes each call, and answers as told.</summary>
    private sealed class RecordingHistory : ILogHistory
    {
        public Channel<string> Calls { get; } = Channel.CreateUnbounded<string>();

        public Queue<int> Deletions { get; } = [];

        public Queue<int> Compactions { get; } = [];

        public Exception? Failure { get; set; }

        public Task<IReadOnlyList<string>> DeleteFinishedAsync(DateTime? olderThan, int? keepNewest, int limit, CancellationToken cancellationToken)
        {
            var failure = Failure;
            var count = failure is null && Deletions.TryDequeue(out var some) ? some : 0;
            var result = failure is null
                ? Task.FromResult<IReadOnlyList<string>>([.. Enumerable.Range(1, count).Select(i => $"s-{i}")])
                : Task.FromException<IReadOnlyList<string>>(failure);
            Calls.Writer.TryWrite($"delete {olderThan:O} {keepNewest} {limit}");
            return result;
        }

        public Task<int> CompactAsync(int limit, CancellationToken cancellationToken)
        {
            var result = Task.FromResult(Compactions.TryDequeue(out var count) ? count : 0);
            Calls.Writer.TryWrite($"compact {limit}");
            return result;
        }
    }
}
