using System.Text;
using Gateway.Models;
using Gateway.Models.Ollama;
using Gateway.Models.OpenAI;
using Xunit;

namespace Gateway.Tests.Models;

public sealed class AnswerStreamTests
{
    private const string Lines = "{\"message\":{\"content\":\"Grüße\"}}\r\n\n{\"done\":false}\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Lines_pass_unchanged_whatever_their_cut(int size)
    {
        var whole = Lines + "{\"done\":true}";

        var (text, failure) = await Read(new OllamaAnswerStream(Bytes(whole), CancellationToken.None), size);

        Assert.Equal(whole, text);
        Assert.Null(failure);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task What_stands_before_an_error_is_read_first(int size)
    {
        var (text, failure) = await Read(new OllamaAnswerStream(Bytes(Lines + "{\"error\":\"out of memory\"}\n{\"done\":true}\n"), CancellationToken.None), size);

        Assert.StartsWith(Lines, text, StringComparison.Ordinal);
        Assert.DoesNotContain("done\":true", text, StringComparison.Ordinal);
        Assert.Equal("out of memory", Assert.IsType<ProviderStreamException>(failure).Sentence);
    }

    [Fact]
    public async Task An_error_on_a_last_line_without_end_is_found()
    {
        var (_, failure) = await Read(new OllamaAnswerStream(Bytes("{\"error\":\"out of memory\"}"), CancellationToken.None), 4096);

        Assert.Equal("out of memory", Assert.IsType<ProviderStreamException>(failure).Sentence);
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n", true)]
    [InlineData("data: {\"choices\":[{\"finish_reason\": \"stop\"}]}\n\n", true)]
    [InlineData("data: {}\n\ndata: [DONE]\n\n", true)]
    [InlineData("data: {}\n\ndata:[DONE]", true)]
    [InlineData("<html>", true)]
    [InlineData("", true)]
    [InlineData("data: {\"choices\":[{\"finish_reason\":null}]}\n\n", false)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\" [DONE]\"}}]}\n\n", false)]
    public async Task An_OpenAI_answer_is_whole_with_a_finish_reason_or_the_done_mark(string answer, bool isWhole)
    {
        var (text, failure) = await Read(new OpenAIAnswerStream(Bytes(answer)), 16);

        Assert.Equal(answer, text);
        Assert.Equal(isWhole, failure is null);
    }

    [Fact]
    public async Task A_line_without_end_is_handed_on_and_not_kept()
    {
        var line = new string('x', 3 * 1024 * 1024);

        var (text, _) = await Read(new OpenAIAnswerStream(Bytes(line)), 64 * 1024);

        Assert.Equal(line.Length, text.Length);
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<(string Text, Exception? Failure)> Read(Stream stream, int size)
    {
        using var read = new MemoryStream();
        var buffer = new byte[size];
        var failure = await Record.ExceptionAsync(async () =>
        {
            for (int count; (count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;)
                read.Write(buffer, 0, count);
        });
        return (Encoding.UTF8.GetString(read.ToArray()), failure);
    }
}
