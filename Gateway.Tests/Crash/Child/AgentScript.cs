using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Tests.Crash.Child;

/// <summary>What an agent says, written into its instructions, so that the model in the other process finds it there.</summary>
internal sealed partial record AgentScript(string Node, int Tokens, bool Fails = false)
{
    public const int InputTokens = 7;

    public string Thought => $"({Node} thinks)";

    /// <summary>All it says, without its thoughts.</summary>
    public string Text => string.Concat(Enumerable.Range(0, Tokens).Select(Token));

    /// <summary>The input of a session, from which its models know for whom they speak.</summary>
    public static string InputOf(string sessionId) => $"session={sessionId}";

    public static (AgentScript Script, string SessionId) Find(IEnumerable<ChatMessage> messages)
    {
        var text = string.Join("\n", messages.Select(message => message.Text));
        var agent = Agent().Match(text);
        return (
            new AgentScript(agent.Groups["node"].Value, int.Parse(agent.Groups["tokens"].Value, CultureInfo.InvariantCulture), agent.Groups["fails"].Value == "True"),
            Session().Match(text).Groups["id"].Value);
    }

    public string Token(int index) => string.Create(CultureInfo.InvariantCulture, $"{Node}-{index} ");

    public AgentDefinition ToAgent() => new() { Instructions = string.Create(CultureInfo.InvariantCulture, $"node={Node} tokens={Tokens} fails={Fails}") };

    [GeneratedRegex(@"node=(?<node>\S+) tokens=(?<tokens>\d+) fails=(?<fails>\w+)")]
    private static partial Regex Agent();

    [GeneratedRegex(@"session=(?<id>\S+)")]
    private static partial Regex Session();
}
