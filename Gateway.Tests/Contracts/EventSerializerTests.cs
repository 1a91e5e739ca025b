using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

public sealed class EventSerializerTests
{
    // What tends to break a text on its way, beside whatever the generator thinks of.
    private static readonly string[] Pieces = ["\0", "\"", "\\", "\n", "\r", "\t", "\u001b", "\u007f", "\u2028", "\u2029", "\ufeff", "\ufffd", "<", "&", "+", "é", "\u0301", "مرحبا", "漢", "\U0001F600", "\uD83D", "\uDE00", "data: ", "\n\n", ""];

    private static readonly Gen<string> Text = Gen.Frequency(
        (1, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? string.Empty)),
        (3, Gen.Elements(Pieces).ListOf().Select(string.Concat)));

    private static readonly Gen<DateTime> Time =
        from day in Gen.Choose(0, 3_652_058)
        from tenth in Gen.Choose(0, 863_999)
        from tick in Gen.Choose(0, 999_999)
        select new DateTime(0, DateTimeKind.Utc).AddDays(day).AddTicks((tenth * 1_000_000L) + tick);

    // A failure prints the seed and how to replay it.
    private static readonly Config Rule = Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true);

    [Fact]
    public void Every_text_survives_but_for_lone_surrogates_which_become_the_replacement_character()
    {
        Check.One(Rule, Prop.ForAll(Text.ToArbitrary(), Time.ToArbitrary(), (text, time) =>
        {
            var frame = EventSerializer.Serialize(Token(text, time));

            var back = Assert.IsType<SessionEvent<TokenStream>>(EventSerializer.Deserialize(frame));
            Assert.Equal(Token(Whole(text), time), back);
            // Written again it is the same frame, so a stored frame and the event are the same thing.
            if (Whole(text) == text) Assert.Equal(frame, EventSerializer.Serialize(back));
            else Assert.Equal(back, EventSerializer.Deserialize(EventSerializer.Serialize(back)));
        }));
    }

    [Fact]
    public void A_frame_is_one_line_without_control_characters()
    {
        Check.One(Rule, Prop.ForAll(Text.ToArbitrary(), text =>
        {
            // Server-Sent Events and line-based tools rely on it.
            var frame = Encoding.UTF8.GetString(EventSerializer.Serialize(Token(text, DateTime.UnixEpoch)));
            Assert.DoesNotContain(frame, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff');
        }));
    }

    [Fact]
    public void A_timestamp_has_seven_digits_and_keeps_every_tick()
    {
        Check.One(Rule, Prop.ForAll(Time.ToArbitrary(), time =>
        {
            var frame = EventSerializer.Serialize(Token("x", time));

            var text = JsonElement.Parse(frame).GetProperty("timestamp").GetString()!;
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", text);
            Assert.Equal(time, EventSerializer.Deserialize(frame)!.Timestamp);
        }));
    }

    [Fact]
    public void Later_timestamps_sort_later_as_text()
    {
        Check.One(Rule, Prop.ForAll(Time.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (time, ticks) =>
        {
            if (DateTime.MaxValue - time < TimeSpan.FromTicks(ticks)) return;
            Assert.True(string.CompareOrdinal(Stamp(time), Stamp(time.AddTicks(ticks))) < 0);
        }));
    }

    [Theory]
    [InlineData("2026-11-22T12:00:00.1234567+02:00")]
    [InlineData("2026-11-22T10:00:00.1234567Z")]
    public void A_timestamp_of_any_zone_is_read_as_utc(string text)
    {
        var frame = Frame($$$"""{"event":"execution:paused","timestamp":"{{{text}}}","seq":1,"data":{"session_id":"s","reason":"x"}}""");

        var time = EventSerializer.Deserialize(frame)!.Timestamp;

        Assert.Equal(DateTimeKind.Utc, time.Kind);
        Assert.Equal(new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc).AddTicks(1234567), time);
    }

    [Theory]
    [InlineData("é漢مرحبا", "é漢مرحبا")]
    [InlineData("<a href='x'>&+", "<a href='x'>&+")]
    [InlineData("\"\\\n\t", """\"\\\n\t""")]
    [InlineData("\0\u001b\u007f", """\u0000\u001B\u007F""")]
    [InlineData("\u2028\u2029\ufeff", """\u2028\u2029\uFEFF""")]
    [InlineData("\U0001F600", """\uD83D\uDE00""")]
    public void Text_is_written_like_this(string text, string written)
    {
        var frame = Encoding.UTF8.GetString(EventSerializer.Serialize(Token(text, DateTime.UnixEpoch)));

        Assert.Contains($"\"chunk\":\"{written}\"", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_half_of_a_split_character_is_replaced()
    {
        // Whoever cuts a text into chunks must not cut between the two halves: they cannot be put together again.
        var text = "a\uD83Db\uDE00";

        var back = (SessionEvent<TokenStream>)EventSerializer.Deserialize(EventSerializer.Serialize(Token(text, DateTime.UnixEpoch)))!;

        Assert.Equal("a\ufffdb\ufffd", back.Data.Chunk);
    }

    [Fact]
    public void Every_event_is_read_as_what_it_was()
    {
        var events = WireMessages.All.Where(message => message.Value is SessionEvent).ToList();

        Assert.Equal(SessionEvents.All.Select(kind => kind.JsonType.Type), events.Select(message => message.Value.GetType()).Distinct());
        foreach (var message in events) WireEqual.Check(message, EventSerializer.Deserialize(EventSerializer.Serialize((SessionEvent)message.Value))!);
    }

    [Fact]
    public void Both_ways_of_writing_give_the_same_bytes()
    {
        foreach (var sessionEvent in WireMessages.All.Select(message => message.Value).OfType<SessionEvent>())
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = ContractsJson.Wire.Options.Encoder })) EventSerializer.Serialize(writer, sessionEvent);
            Assert.Equal(EventSerializer.Serialize(sessionEvent), stream.ToArray());
        }
    }

    [Fact]
    public void The_name_may_stand_anywhere_in_the_frame()
    {
        var frame = Frame("""{"data":{"session_id":"s","event":"error","reason":"x"},"seq":1,"timestamp":"2026-01-01T00:00:00Z","event":"execution:paused"}""");

        Assert.Equal("x", Assert.IsType<SessionEvent<ExecutionPaused>>(EventSerializer.Deserialize(frame)).Data.Reason);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"event":"ack","data":{}}""")]
    [InlineData("""{"event":"TOKEN_STREAM"}""")]
    [InlineData("""{"event":7}""")]
    [InlineData("""{"event":null}""")]
    public void An_event_nobody_knows_is_null(string frame) => Assert.Null(EventSerializer.Deserialize(Frame(frame)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"token_stream\"")]
    [InlineData("{\"event\":\"error\"")]
    [InlineData("{\"event\":")]
    [InlineData("{\"a\":1,}")]
    [InlineData("""{"event":"execution:paused"}""")]
    [InlineData("""{"event":"execution:paused","timestamp":"2026-01-01T00:00:00Z","seq":1}""")]
    [InlineData("""{"event":"execution:paused","timestamp":"2026-01-01T00:00:00Z","seq":1,"data":null}""")]
    [InlineData("""{"event":"execution:paused","timestamp":"2026-01-01T00:00:00Z","seq":1,"data":{"session_id":"s","reason":null}}""")]
    [InlineData("""{"event":"execution:paused","timestamp":"2026-01-01T00:00:00Z","seq":"1","data":{"session_id":"s","reason":"x"}}""")]
    [InlineData("""{"event":"execution:paused","timestamp":"yesterday","seq":1,"data":{"session_id":"s","reason":"x"}}""")]
    [InlineData("""{"event":"execution:paused","timestamp":1,"seq":1,"data":{"session_id":"s","reason":"x"}}""")]
    public void A_frame_of_the_wrong_shape_is_refused(string frame) => Assert.ThrowsAny<JsonException>(() => EventSerializer.Deserialize(Frame(frame)));

    [Fact]
    public void A_frame_ten_thousand_deep_is_refused()
    {
        var frame = Frame("{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}");

        Assert.ThrowsAny<JsonException>(() => EventSerializer.Deserialize(frame));
    }

    [Fact]
    public void Any_bytes_are_an_event_or_null_or_refused()
    {
        var valid = EventSerializer.Serialize(Token("x", DateTime.UnixEpoch));
        var damaged = Gen.Choose(0, valid.Length - 1).Zip(Gen.Choose(0, 255), (at, value) => (at, value)).ListOf().Select(changes =>
        {
            var bytes = (byte[])valid.Clone();
            foreach (var (at, value) in changes) bytes[at] = (byte)value;
            return bytes;
        });

        Check.One(Rule, Prop.ForAll(damaged.ToArbitrary(), bytes =>
        {
            try
            {
                _ = EventSerializer.Deserialize(bytes)?.SessionId;
            }
            catch (JsonException)
            {
                // What a reader of a damaged log expects.
            }
        }));
    }

    private static SessionEvent<TokenStream> Token(string text, DateTime time) => new()
    {
        Timestamp = time,
        Seq = 1,
        NodeId = text,
        Data = new TokenStream { SessionId = "s", NodeId = text, AgentId = "a", Chunk = text, IsThinking = false },
    };

    private static string Stamp(DateTime time) => JsonElement.Parse(EventSerializer.Serialize(Token("x", time))).GetProperty("timestamp").GetString()!;

    // Through UTF-8 and back, which is what replaces lone surrogates.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(string text) => Encoding.UTF8.GetBytes(text);
}
