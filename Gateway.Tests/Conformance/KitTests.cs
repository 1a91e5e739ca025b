using System.Text.Json;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>What the kit tells, and what it does with what it does not understand.</summary>
[Collection(KitCollection.Name)]
public sealed class KitTests(KitProcess kit)
{
    [Fact]
    public async Task It_says_what_it_can_do()
    {
        var words = await kit.GetAsync("/kit");
        var faults = JsonElement.Parse(await kit.GetAsync("/kit/faults"));

        Assert.All(KitFaults.All, fault => Assert.Contains($"\n{fault} ", words, StringComparison.Ordinal));
        Assert.Equal(KitFaults.All, faults.EnumerateArray().Select(fault => fault.GetProperty("fault").GetString()!));
    }

    [Theory]
    [InlineData("/ws?fault=gremlin", "There is no fault 'gremlin'; there are none, drop,")]
    [InlineData("/ws?fault=drop&at=soon", "'at' is a list of seqs")]
    [InlineData("/ws?fault=drop&at=1-2-3", "'at' is a list of seqs")]
    [InlineData("/ws?fault=drop&at=1-9999999999", "'at' is a list of seqs")]
    [InlineData("/ws?fault=drop&seed=x", "'seed' is a whole number")]
    [InlineData("/ws?fault=stall&ms=-1", "'ms' is a number of milliseconds")]
    [InlineData("/hub?fault=goodbye", "Only a close of /ws")]
    public async Task What_it_does_not_understand_it_refuses(string path, string words)
    {
        var (status, text) = await kit.StatusAsync(path);

        Assert.Equal(400, status);
        Assert.StartsWith(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_is_behind_it()
    {
        Assert.Equal(200, (await kit.StatusAsync("/health/ready")).Status);
        Assert.Equal(404, (await kit.StatusAsync("/api/v1/sessions/nobody")).Status);
        Assert.Contains("\"conformance\"", await kit.GetAsync("/api/v1/workflows"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_of_nothing_is_not_one()
    {
        foreach (var (recording, words) in ((string, string)[])[("", "has no event"), ("oops", "Line 1 cannot be read"), ("""{"kind":"event","frame":{"seq":1,"data":{"session_id":"nobody"}}}""", "no such session")])
        {
            var verdict = await kit.CheckAsync("drop", recording);

            Assert.False(verdict.GetProperty("ok").GetBoolean());
            Assert.Contains(words, verdict.GetProperty("broken")[0].GetProperty("what").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_command_checks_a_file_and_its_exit_code_tells()
    {
        using var folder = new TempFolder();
        var file = folder.Write("recording.jsonl", "oops");

        var (exit, words) = await KitCommand.RunAsync("check", file, "--fault", "drop", "--kit", kit.Address.ToString());

        Assert.Equal((1, "readable: Line 1 cannot be read"), (exit, words[..31]));
    }
}
