using System.Text;
using Gateway.Contracts;
using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>The short way of writing a piece of an answer is the serializer's way, to the byte.</summary>
public sealed class ChunkJsonTests
{
    private static readonly string[] Pieces = ["a", " token", "word, ", "<b>&'+`", "{}[]:", "\"", "\\", "\n", "\u0001", "\u007f", "é", "日本", "😀", "\ud800", "\u2028", "/", "0", "~", " "];

    [Fact]
    public void What_it_writes_is_what_the_serializer_writes()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var written = 0;
        for (var i = 0; i < 3000; i++)
        {
            var made = Make(random);
            if (ChunkJson.TryEncode(made) is not { } json) continue;
            written++;
            Assert.True(EventSerializer.Serialize(made).AsSpan().SequenceEqual(json), $"seed {seed}: {Encoding.UTF8.GetString(json)}");
            Assert.Equal(made, EventSerializer.Deserialize(json));
        }

        // Else this test would say nothing.
        Assert.True(written > 300, $"seed {seed}: {written}");
    }

    [Fact]
    public void The_usual_piece_goes_the_short_way_and_others_do_not()
    {
        var usual = new SessionEvent<TokenStream> { Seq = 7, Timestamp = DateTime.UnixEpoch, NodeId = "n", Data = new TokenStream { SessionId = "s", NodeId = "n", AgentId = "a", Chunk = " token", IsThinking = false } };
        Assert.NotNull(ChunkJson.TryEncode(usual));
        foreach (var chunk in (string[])["\"", "\\", "line\n", "é", new string('x', 800)]) Assert.Null(ChunkJson.TryEncode(usual with { Data = usual.Data with { Chunk = chunk } }));
        Assert.Null(ChunkJson.TryEncode(usual with { MergedFrom = 3 }));
        Assert.Null(ChunkJson.TryEncode(usual with { Data = usual.Data with { Answer = new PromptAnswer() } }));
    }

    private static SessionEvent<TokenStream> Make(Random random) => new()
    {
        Seq = random.Next(4) == 0 ? long.MaxValue - random.Next(9) : random.Next(1, 100_000),
        Timestamp = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc),
        NodeId = random.Next(3) == 0 ? null : Text(random),
        Data = new TokenStream
        {
            SessionId = Text(random),
            NodeId = random.Next(3) == 0 ? null : Text(random),
            AgentId = Text(random),
            Chunk = Text(random),
            IsThinking = random.Next(2) == 0,
            Iteration = random.Next(3) == 0 ? random.Next(int.MinValue, int.MaxValue) : null,
            Item = random.Next(3) == 0 ? random.Next() : null,
        },
    };

    private static string Text(Random random)
    {
        // Most of them plain, so that many events are.
        var count = random.Next(8) == 0 ? random.Next(60) : random.Next(4);
        var plain = random.Next(10) > 0;
        return string.Concat(Enumerable.Range(0, count).Select(_ => plain ? Pieces[random.Next(5)] : Pieces[random.Next(Pieces.Length)]));
    }
}
