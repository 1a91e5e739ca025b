using System.Text.RegularExpressions;
using Gateway.Models;
using Gateway.Models.Scripted;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Models;

public sealed class ScriptedModelTests
{
    private const string Topic = "Should the city make its buses free?";
    private const string Defender = "You are Value Defender. Argue for the proposal and show its value.";
    private const string Auditor = "You are Risk Auditor. Look for what can go wrong.";
    private const string Justice = "You are Chief Justice. Weigh both sides and decide.";

    public static TheoryData<string> Instructions =>
    [
        Defender,
        Auditor,
        Justice,
        "You are Writer. Write a first draft.",
        "You answer questions.",
    ];

    private static ScriptedChatClient Client(Action<ScriptedOptions>? change = null, TimeProvider? time = null)
    {
        var options = new ScriptedOptions { TokensPerSecond = 0 };
        change?.Invoke(options);
        return new ScriptedChatClient("scripted", options, time ?? TimeProvider.System);
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static async Task<Said> Answer(params ChatMessage[] messages)
    {
        var said = new Said();
        await Wait.For(said.Hear(Client(), messages, TestContext.Current.CancellationToken), "the answer");
        return said;
    }

    [Fact]
    public async Task The_same_request_gets_the_same_pieces()
    {
        var first = await Said.By(Client(), Topic, Defender);
        var second = await Said.By(Client(), Topic, Defender);

        Assert.Equal(first.Pieces, second.Pieces);
    }

    [Fact]
    public async Task Seed_topic_and_instructions_each_change_the_text()
    {
        var text = (await Said.By(Client(), Topic, Defender)).Text;

        Assert.NotEqual(text, (await Said.By(Client(o => o.Seed = 1), Topic, Defender)).Text);
        Assert.NotEqual(text, (await Said.By(Client(), "Should shops open on Sunday?", Defender)).Text);
        Assert.NotEqual(text, (await Said.By(Client(), Topic, Auditor)).Text);
    }

    [Fact]
    public void The_random_source_is_the_same_everywhere()
    {
        // The first three numbers of SplitMix64 from 0, of which everything else follows.
        var random = new ScriptedRandom(0);

        Assert.Equal(
            [(int)(0xE220A8397B1DCDAF % 1000), (int)(0x6E789E6AA1B965F4 % 1000), (int)(0x06C45D188009454F % 1000)],
            [random.Next(1000), random.Next(1000), random.Next(1000)]);
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public async Task A_text_quotes_the_topic_and_has_120_to_180_words(string instructions)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var said = await Said.By(Client(o => o.Seed = seed), Topic, instructions);

            Assert.True(Words(said.Text) is >= 120 and <= 180, $"Seed {seed}: {Words(said.Text)} words: {said.Text}");
            Assert.Contains($"“{Topic}”", said.Text, StringComparison.Ordinal);
            Assert.DoesNotContain('{', said.Text);
        }
    }

    [Theory]
    [InlineData(Defender, Stance.For)]
    [InlineData(Auditor, Stance.Against)]
    [InlineData(Justice, Stance.Judge)]
    [InlineData("You write the draft.", Stance.Write)]
    [InlineData("You are a helpful expert.", Stance.Answer)]
    [InlineData("", Stance.Answer)]
    [InlineData("You are Value Defender.\nDefend the proposal against every risk the auditor names.", Stance.For)]
    [InlineData("你是风险审计员。请指出这个方案的风险。", Stance.Against)]
    [InlineData("你是首席大法官，请权衡双方意见。", Stance.Judge)]
    [InlineData("你是正方，请支持这个方案。", Stance.For)]
    public void An_agents_stance_is_read_from_what_it_is_told(string instructions, object stance)
    {
        Assert.Equal((Stance)stance, StanceReader.Of(instructions));
    }

    [Fact]
    public async Task Defender_and_auditor_take_opposite_sides()
    {
        var defender = (await Said.By(Client(), Topic, Defender)).Text;
        var auditor = (await Said.By(Client(), Topic, Auditor)).Text;

        var sentences = Regex.Split(defender, @"(?<=[.?])\s+");
        Assert.DoesNotContain(sentences, s => auditor.Contains(s, StringComparison.Ordinal));
        Assert.Contains(EnglishPhrases.Language.Phrases[Stance.For].Closings, c => defender.EndsWith(c[^30..], StringComparison.Ordinal));
        Assert.Contains(EnglishPhrases.Language.Phrases[Stance.Against].Closings, c => auditor.EndsWith(c[^30..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_judge_quotes_both_sides_by_name()
    {
        var said = await Answer(
            new(ChatRole.System, Justice),
            new(ChatRole.User, Topic),
            new(ChatRole.User, "Short. Free buses help the poor most of all!") { AuthorName = "Value Defender" },
            new(ChatRole.User, "Who pays for it is left open. No.") { AuthorName = "Risk Auditor" });

        Assert.Contains("Value Defender", said.Text, StringComparison.Ordinal);
        Assert.Contains("“Free buses help the poor most of all”", said.Text, StringComparison.Ordinal);
        Assert.Contains("Risk Auditor", said.Text, StringComparison.Ordinal);
        Assert.Contains("“Who pays for it is left open”", said.Text, StringComparison.Ordinal);
        Assert.InRange(Words(said.Text), 120, 180);
    }

    [Theory]
    [InlineData("# Input\n{0}\n\n# Value Defender\n{1}\n\n# Risk Auditor\n{2}\n\n# User\n{3}")]
    [InlineData("# Input\n{0}\n\n# Value Defender\n{1}\n\n# Risk Auditor\n{2}\n\n# User, asked: Shall we go on?\n{3}")]
    [InlineData("Topic: {0}\n\nValue Defender:\n{1}\n\n**Risk Auditor said:**\n{2}\n\nUser:\n{3}")]
    public async Task A_judge_finds_its_way_in_one_message_with_headings(string format)
    {
        var message = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            format,
            Topic,
            "Free buses help the poor most of all.",
            "Who pays for it is left open.",
            "Think of the night lines.");

        var said = await Answer(new(ChatRole.System, Justice), new(ChatRole.User, message));

        Assert.Contains($"“{Topic}”", said.Text, StringComparison.Ordinal);
        Assert.Contains("Value Defender", said.Text, StringComparison.Ordinal);
        Assert.Contains("“Free buses help the poor most of all”", said.Text, StringComparison.Ordinal);
        Assert.Contains("Risk Auditor", said.Text, StringComparison.Ordinal);
        Assert.Contains("“Who pays for it is left open”", said.Text, StringComparison.Ordinal);
        Assert.Contains("“Think of the night lines”", said.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_with_a_heading_of_its_own_is_still_the_topic()
    {
        var said = await Said.By(Client(), "# Proposal\nMake the buses free.", Defender);

        Assert.Contains("“Make the buses free”", said.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_user_says_later_is_taken_up()
    {
        var said = await Answer(
            new(ChatRole.System, Auditor),
            new(ChatRole.User, Topic),
            new(ChatRole.User, "Think of the night lines, too.") { AuthorName = "user" });

        Assert.Contains($"“{Topic}”", said.Text, StringComparison.Ordinal);
        Assert.Contains("“Think of the night lines, too”", said.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("你是价值捍卫者，请为这个方案辩护。")]
    [InlineData("你是风险审计员。")]
    [InlineData("You are Chief Justice. Weigh both sides.")]
    [InlineData("起草一份文稿。")]
    [InlineData("请回答问题。")]
    public async Task A_Chinese_topic_is_answered_in_Chinese(string instructions)
    {
        const string ChineseTopic = "城市公交应当免费吗";
        for (var seed = 0; seed < 50; seed++)
        {
            var said = await Said.By(Client(o => o.Seed = seed), ChineseTopic, instructions);

            Assert.Contains($"「{ChineseTopic}」", said.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch("[A-Za-z{]", said.Text);
            Assert.True(said.Text.Length is >= 170 and <= 340, $"Seed {seed}: {said.Text.Length} letters: {said.Text}");
        }
    }

    [Theory]
    [InlineData("Should OpenAI's GPT be used by 政府?", false)]
    [InlineData("政府应当使用 GPT 吗？", true)]
    [InlineData("12 + 30 = ?", false)]
    public void The_language_is_that_of_most_of_the_topic(string topic, bool isChinese)
    {
        Assert.Equal(isChinese, ScriptedRequest.Read([new(ChatRole.User, topic)], null).IsChinese);
    }

    [Fact]
    public async Task A_long_topic_is_quoted_short_and_between_words()
    {
        var topic = string.Join(' ', Enumerable.Repeat("considerable", 40));

        var said = await Said.By(Client(), topic, Defender);

        Assert.Contains("“considerable considerable considerable considerable considerable considerable considerable…”", said.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n ")]
    [InlineData(":::")]
    [InlineData("\ud83d\ude80")]
    [InlineData("{topic} {other} {quote}")]
    public async Task Any_topic_gets_an_answer(string topic)
    {
        var said = await Said.By(Client(), topic, Defender);

        Assert.InRange(Words(said.Text), 120, 180);
    }

    [Fact]
    public async Task A_megabyte_of_spaces_is_no_trouble()
    {
        var said = await Said.By(Client(), "# Why" + new string(' ', 1024 * 1024) + "not?", Defender);

        Assert.InRange(Words(said.Text), 120, 180);
    }

    [Theory]
    [InlineData("x", 299, "\n")]
    [InlineData("x:", 297, "y\n")]
    [InlineData("x", 297, ":\n")]
    [InlineData("# x", 295, "y\n")]
    [InlineData("**x", 290, "*:**\n")]
    [InlineData("#", 298, "*\n")]
    [InlineData("x", 3000, "")]
    public void Reading_two_megabytes_takes_no_longer_whatever_its_lines_are(string head, int spaces, string tail)
    {
        var line = head + new string(' ', spaces) + tail;
        var plain = TimeToRead(new string('x', line.Length - 1) + "\n");

        // A few times as long at most where it is right, hundreds of times where a pattern goes back and forth.
        Assert.InRange(TimeToRead(line), TimeSpan.Zero, (plain * 5) + TimeSpan.FromMilliseconds(500));

        // The best of three, so that a busy machine does not count.
        static TimeSpan TimeToRead(string line)
        {
            var text = string.Concat(Enumerable.Repeat(line, 2_000_000 / line.Length));
            var best = TimeSpan.MaxValue;
            for (var run = 0; run < 3; run++)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                ScriptedRequest.Read([new(ChatRole.User, text)], null).Fingerprint(0);
                if (watch.Elapsed < best) best = watch.Elapsed;
            }

            return best;
        }
    }

    [Theory]
    [InlineData("# Value Defender", "Value Defender")]
    [InlineData("  ## Value Defender  ", "Value Defender")]
    [InlineData("Value Defender:", "Value Defender")]
    [InlineData("Value Defender said:", "Value Defender")]
    [InlineData("**Value Defender:**", "Value Defender")]
    [InlineData("**Value Defender**:", "Value Defender")]
    [InlineData("[Value Defender wrote]:", "Value Defender")]
    [InlineData("价值捍卫者：", "价值捍卫者")]
    [InlineData("#hashtag", null)]
    [InlineData("#", null)]
    [InlineData(":", null)]
    [InlineData("***:", null)]
    [InlineData("A sentence: and more", null)]
    [InlineData("12:30:", null)]
    [InlineData("A sentence that is far too long to be the name of anybody who speaks:", null)]
    [InlineData("", null)]
    public void A_heading_names_who_speaks(string line, string? author)
    {
        Assert.Equal(author, ScriptedHeading.AuthorOf(line));
    }

    [Fact]
    public void The_pieces_of_a_very_long_text_are_counted_about_right()
    {
        var text = string.Concat(Enumerable.Repeat("one or two words ", 20_000));

        Assert.InRange(ScriptedPieces.Count(text), ScriptedPieces.Of(text).Count * 0.99, ScriptedPieces.Of(text).Count * 1.01);
    }

    [Fact]
    public void Pieces_make_up_the_text_and_cut_no_letter()
    {
        const string Text = "A  family 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦 of incomprehensibilities:\n\n城市公交应当免费。";

        var pieces = ScriptedPieces.Of(Text);

        Assert.Equal(Text, string.Concat(pieces));
        Assert.All(pieces, p => Assert.False(char.IsLowSurrogate(p[0]) || char.IsHighSurrogate(p[^1]) || p[0] == '\u200d' || p[^1] == '\u200d', p));
        Assert.Contains("城市", pieces);
        Assert.All(pieces, p => Assert.NotEmpty(p));
    }

    [Fact]
    public async Task Usage_counts_the_pieces()
    {
        var said = await Said.By(Client(o => o.Thinking = true), Topic, Defender);

        Assert.Equal(said.Pieces.Count + said.Thoughts.Count, said.Usage?.OutputTokenCount);
        Assert.InRange(said.Usage?.InputTokenCount ?? 0, 10, 60);
        Assert.Equal(ChatFinishReason.Stop, said.Finish);
    }

    [Fact]
    public async Task Thinking_comes_before_the_text_and_only_when_asked_for()
    {
        var kinds = new List<bool>();
        await foreach (var update in Client(o => o.Thinking = true).GetStreamingResponseAsync(Topic, cancellationToken: TestContext.Current.CancellationToken))
        {
            kinds.AddRange(update.Contents.Where(c => c is TextContent or TextReasoningContent).Select(c => c is TextReasoningContent));
        }

        Assert.True(kinds[0]);
        Assert.False(kinds[^1]);
        Assert.Equal(kinds.OrderByDescending(isThought => isThought), kinds);
        Assert.Empty((await Said.By(Client(), Topic)).Thoughts);
    }

    [Fact]
    public async Task A_limit_of_tokens_ends_the_text()
    {
        var response = await Client().GetResponseAsync(Topic, new ChatOptions { MaxOutputTokens = 5 }, TestContext.Current.CancellationToken);

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(5, response.Usage?.OutputTokenCount);
        Assert.InRange(Words(response.Text), 1, 5);
    }

    [Fact]
    public async Task The_pace_is_forty_pieces_a_second_unless_said_otherwise()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(25), await TimePerPiece(new ScriptedOptions().TokensPerSecond));
        Assert.Equal(TimeSpan.FromMilliseconds(100), await TimePerPiece(10));
        Assert.Equal(TimeSpan.Zero, await TimePerPiece(0));
        Assert.Equal(TimeSpan.Zero, await TimePerPiece(-1));
        // A third of a millisecond each, which no timer can wait for: every third piece waits for three.
        Assert.Equal(333, Math.Round((await TimePerPiece(3000)).TotalMicroseconds), 10d);
    }

    [Fact]
    public async Task A_piece_does_not_come_early()
    {
        var time = new FakeTimeProvider();
        await using var updates = Client(o => o.TokensPerSecond = 10, time).GetStreamingResponseAsync(Topic, cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var first = updates.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await Wait.For(first, "the first piece"));
    }

    [Fact]
    public async Task A_reader_that_paused_gets_no_burst()
    {
        var time = new FakeTimeProvider();
        await using var updates = Client(o => o.TokensPerSecond = 10, time).GetStreamingResponseAsync(Topic, cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = updates.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Wait.For(first, "the first piece");

        time.Advance(TimeSpan.FromHours(1));
        var second = updates.MoveNextAsync().AsTask();

        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(await Wait.For(second, "the second piece"));
    }

    [Fact]
    public async Task An_unpaced_answer_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var updates = Client().GetStreamingResponseAsync(Topic, cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await updates.MoveNextAsync());
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => updates.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task The_configured_model_writes_by_the_hosts_clock()
    {
        var time = new ImpatientTimeProvider();
        await using var services = Configured.Services(time, null, ("Models:scripted:TokensPerSecond", "4"), ("Models:scripted:Seed", "7"));

        var said = await Said.By(services.GetRequiredService<IModelCatalog>().Get(null).Client, Topic);

        Assert.Equal(said.Pieces.Count, time.Waits.Count);
        Assert.All(time.Waits, wait => Assert.Equal(TimeSpan.FromMilliseconds(250), wait));
        Assert.Equal((await Said.By(Client(o => o.Seed = 7), Topic)).Text, said.Text);
    }

    private static async Task<TimeSpan> TimePerPiece(double perSecond)
    {
        var time = new ImpatientTimeProvider();
        var said = await Said.By(Client(o => o.TokensPerSecond = perSecond, time), Topic, Defender);
        return time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait) / said.Pieces.Count;
    }
}
