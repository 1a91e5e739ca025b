using Gateway.Models;
using Microsoft.Extensions.AI;
using Xunit;

namespace Gateway.Tests.Models;

/// <summary>What is made of an answer, byte for byte as a provider sends it.</summary>
public sealed class AnswerTests
{
    public static TheoryData<AnswerCase> Cases => AnswerCases.All;

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task An_answer_is_read_as_it_is(AnswerCase answer)
    {
        // In pieces of odd sizes, so that nothing depends on what arrives together; a long one would take too many.
        foreach (var segment in answer.Wire.Length < 20_000 ? new[] { int.MaxValue / 2, 7 } : [int.MaxValue / 2])
        {
            await using var provider = new ByteProvider(new ByteReply(answer.Wire) { Type = answer.Type, Segment = segment });
            await using var services = Configured.Services(Configured.At(provider, answer.Provider));
            var said = new Said();

            var failure = await Record.ExceptionAsync(() => said.HearAll(services.Catalog().Get("m").Client));

            Assert.Equal(answer.Text, said.Text);
            Assert.Equal(answer.Thinking, said.Thinking);
            if (answer.Failure is null) Assert.Null(failure);
            else Assert.Contains(answer.Failure, Assert.IsType<ModelException>(failure).Message, StringComparison.Ordinal);
            if (answer.Usage != "") Assert.Equal(answer.Usage, said.Usage is null ? null : $"{said.Usage.InputTokenCount}/{said.Usage.OutputTokenCount}");
        }
    }

    [Theory]
    [InlineData("openai", true)]
    [InlineData("openai", false)]
    [InlineData("ollama", false)]
    public async Task An_answer_that_is_over_ends_although_the_connection_is_left_open(string kind, bool hasMark)
    {
        var wire = kind == "ollama" ? Bytes.O("Done.") + Bytes.Fin : Bytes.T("Done.") + Bytes.Stop + Bytes.Use + (hasMark ? Bytes.Done : ": still here\n\n");
        await using var provider = new ByteProvider(new ByteReply(wire) { StaysOpen = true });
        await using var services = Configured.Services(Configured.At(provider, kind));

        var said = await Said.By(services.Catalog().Get("m").Client);

        Assert.Equal("Done.", said.Text);
        Assert.Equal(5, said.Usage?.OutputTokenCount);
        await provider.Left();
    }

    [Theory]
    [InlineData("stop", true)]
    [InlineData(null, false)]
    public async Task A_connection_that_is_cut_takes_nothing_from_an_answer_that_is_over(string? reason, bool isWhole)
    {
        // A body in chunks, without the last one.
        var body = Bytes.T("Hello") + (reason is null ? "" : Bytes.Stop);
        await using var provider = new ByteProvider(new ByteReply($"{body.Length:x}\r\n{body}\r\n") { Head = "Transfer-Encoding: chunked\r\n" });
        await using var services = Configured.Services(Configured.At(provider));
        var said = new Said();

        var failure = await Record.ExceptionAsync(() => said.HearAll(services.Catalog().Get("m").Client));

        Assert.Equal("Hello", said.Text);
        Assert.Equal(isWhole, failure is null);
    }

    [Fact]
    public async Task What_keeps_the_line_open_is_a_sign_of_life()
    {
        await using var provider = new ByteProvider(new ByteReply(": OPENROUTER PROCESSING\n\n: again\n\n" + Bytes.T("yes") + Bytes.Stop + Bytes.Done));
        await using var services = Configured.Services(Configured.At(provider));

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in services.Catalog().Get("m").Client.GetStreamingResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)) updates.Add(update);

        Assert.True(updates.TakeWhile(update => update.Contents.Count == 0).Count() >= 2);
    }

    [Theory]
    [InlineData("auto", "<think>hm</think>42", "hm", "42")]
    [InlineData("off", "<think>hm</think>42", "", "<think>hm</think>42")]
    [InlineData("opened", "hm</think>42", "hm", "42")]
    public async Task Think_tags_are_read_as_the_setting_says(string setting, string sent, string thinking, string text)
    {
        await using var provider = new ByteProvider(new ByteReply(Bytes.T(sent) + Bytes.Stop));
        await using var services = Configured.Services([.. Configured.At(provider), ("Models:m:ThinkTags", setting)]);

        var said = await Said.By(services.Catalog().Get("m").Client);

        Assert.Equal((thinking, text), (said.Thinking, said.Text));
    }

    [Fact]
    public async Task A_hundred_thousand_pieces_arrive_in_order()
    {
        var numbers = Enumerable.Range(0, 100_000).Select(number => $"{number} ").ToArray();
        await using var provider = new ByteProvider(new ByteReply(string.Concat(numbers.Select(number => Bytes.T(number))) + Bytes.Stop));
        await using var services = Configured.Services(Configured.At(provider));

        Assert.Equal(string.Concat(numbers), (await Said.By(services.Catalog().Get("m").Client)).Text);
    }
}
