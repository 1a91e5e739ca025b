using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>A log as simple as it can be, to which random operations on a real one are compared.</summary>
internal sealed class SessionLogModel(ISessionLog log)
{
    private const int Ids = 4;
    private static readonly string[] Statuses = [SessionStatus.Running, SessionStatus.Paused, SessionStatus.Completed, SessionStatus.Failed, SessionStatus.Cancelled];

    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    // In the order of creation.
    private readonly List<(string Id, List<string> Chunks, string Status, DateTime? WakeAt)> _sessions = [];

    public static void Check(Func<ISessionLog> open, Func<ISessionLog, ValueTask> closeAsync) =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, byte)[]>(), operations => HoldsAsync(open, closeAsync, operations).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(150));

    private static async Task<bool> HoldsAsync(Func<ISessionLog> open, Func<ISessionLog, ValueTask> closeAsync, (byte, byte)[] operations)
    {
        var log = open();
        var model = new SessionLogModel(log);
        foreach (var (what, how) in operations) await model.ApplyAsync(what, how);
        await closeAsync(log);
        return true; // A difference was thrown.
    }

    private async Task ApplyAsync(byte what, byte how)
    {
        var id = $"s-{how % Ids}";
        var index = _sessions.FindIndex(s => s.Id == id);
        switch (what % 8)
        {
            case 0 or 1:
                var existing = await log.CreateAsync(Sample.Header(id), CancellationToken.None);
                Assert.Equal(index >= 0, existing is not null);
                if (index < 0) _sessions.Add((id, [], SessionStatus.Running, null));
                break;
            case 2 or 3 or 4:
                await AppendAsync(id, index, what, how);
                break;
            case 5:
                Assert.Equal(index >= 0, await log.DeleteAsync(id, CancellationToken.None));
                if (index >= 0) _sessions.RemoveAt(index);
                break;
            case 6:
                await CompareReadAsync(id, index, how / 16, 1 + (what / 8 % 5));
                break;
            default:
                await CompareListAsync(how);
                break;
        }
    }

    private async Task AppendAsync(string id, int index, byte what, byte how)
    {
        // Now and then from a wrong end.
        var end = index < 0 ? 0 : _sessions[index].Chunks.Count;
        var expected = how >= 224 ? end + 1 : end;
        var status = Statuses[what / 8 % Statuses.Length];
        var events = Sample.Tokens(id, expected, 1 + (how / 16 % 3));
        DateTime? wakeAt = status == SessionStatus.Paused && how % 3 > 0 ? Noon.AddMinutes(how / 32) : null;
        var failure = await Record.ExceptionAsync(() => log.AppendAsync(id, expected, events, new SessionStanding(status, wakeAt), CancellationToken.None));

        if (index < 0)
        {
            Assert.IsType<StorageException>(failure);
        }
        else if (expected != end)
        {
            Assert.IsType<LogConflictException>(failure);
        }
        else
        {
            Assert.Null(failure);
            _sessions[index].Chunks.AddRange(events.Select(e => ((SessionEvent<TokenStream>)e).Data.Chunk));
            _sessions[index] = _sessions[index] with { Status = status, WakeAt = wakeAt };
        }
    }

    private async Task CompareReadAsync(string id, int index, int afterSeq, int limit)
    {
        var read = await log.ReadAsync(id, afterSeq, limit, CancellationToken.None);
        var expected = index < 0 ? [] : _sessions[index].Chunks.Skip(afterSeq).Take(limit).ToList();
        Assert.Equal(expected, read.Select(e => ((SessionEvent<TokenStream>)e.Event).Data.Chunk));

        var entry = await log.FindAsync(id, CancellationToken.None);
        Assert.Equal(index < 0 ? null : ((string, long)?)(_sessions[index].Status, _sessions[index].Chunks.Count), entry is null ? null : (entry.Status, entry.LastSeq));
    }

    private async Task CompareListAsync(byte how)
    {
        var status = how % 6 < Statuses.Length ? Statuses[how % 6] : null;
        var page = await log.ListAsync(new SessionQuery(status, null, 1 + (how % 3)), CancellationToken.None);
        var expected = Enumerable.Reverse(_sessions).Where(s => status is null || s.Status == status).ToList();
        Assert.Equal(expected.Take(1 + (how % 3)).Select(s => (s.Id, s.Status, (long)s.Chunks.Count)), page.Sessions.Select(s => (s.SessionId, s.Status, s.LastSeq)));
        Assert.Equal(expected.Count > 1 + (how % 3), page.NextCursor is not null);
        Assert.Equal(_sessions.Where(s => !SessionStatus.IsFinal(s.Status)).Select(s => s.Id), await log.ListUnfinishedAsync(CancellationToken.None));
        var until = Noon.AddMinutes(how % 9);
        Assert.Equal(_sessions.Where(s => s.WakeAt <= until).Select(s => s.Id).Order(), (await log.ListDueAsync(until, CancellationToken.None)).Order());
        Assert.Equal(_sessions.Min(s => s.WakeAt > until ? s.WakeAt : null), await log.FindNextDueAsync(until, CancellationToken.None));
    }
}
