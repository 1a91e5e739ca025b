using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Log;

namespace Gateway.Tests.Log;

/// <summary>For random logs, and for every seq n: the fold of what a compacted log holds after n is that of the plain one.</summary>
internal static class CompactionProperty
{
    private static readonly string[] Chunks = ["a", "", "🎈", "\"q\"", "line\n", "\0", "漢"];

    public static void Check(Func<ISessionLog> open, Func<ISessionLog, ValueTask> closeAsync) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => HoldsAsync(open, closeAsync, bytes).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120));

    private static async Task<bool> HoldsAsync(Func<ISessionLog> open, Func<ISessionLog, ValueTask> closeAsync, byte[] bytes)
    {
        var log = open();
        var events = bytes.Select((b, i) => Event(b, i + 1)).ToList();
        await log.FinishAsync("s-1", events);
        var plain = (await log.ReadAllAsync("s-1")).Select(e => e.Event).ToList();

        await ((ILogHistory)log).CompactAsync(1, CancellationToken.None);

        var holds = true;
        for (var n = 0; n <= plain.Count; n++)
        {
            var compacted = await log.ReadAllAsync("s-1", afterSeq: n, window: 3);
            // Wherever a reader resumes, it goes on with the text it has: before and after n make the whole.
            holds &= TextFold.Of(compacted) == TextFold.Of(plain.Skip(n));
            holds &= TextFold.Of(plain.Take(n).Concat(compacted.Select(e => e.Event))) == TextFold.Of(plain);
        }

        await closeAsync(log);
        return holds;
    }

    // Mostly runs of one speaker, now and then another one, the user, or a node that starts again.
    private static SessionEvent Event(byte b, long seq) => (b % 16) switch
    {
        0 => Sample.State("s-1", seq, "pro", NodeStatus.Running, attempt: b),
        1 => Sample.Token("s-1", seq, Chunks[b % 7], node: null, agent: TokenStream.UserAgentId),
        2 => Sample.Token("s-1", seq, Chunks[b % 7], agent: TokenStream.UserAgentId),
        3 => Sample.Token("s-1", seq, Chunks[b % 7], node: "contra"),
        4 => Sample.Token("s-1", seq, Chunks[b % 7], thinking: true),
        _ => Sample.Token("s-1", seq, Chunks[b % 7]),
    };
}
