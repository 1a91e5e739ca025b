using System.Threading.Channels;
using Gateway.Contracts;
using Gateway.Tools;
using Microsoft.Extensions.AI;

namespace Gateway.Tests.Infrastructure;

/// <summary>Tools of any name, whose answers the test releases; outlive the gateways that use them.</summary>
/// <remarks>Names with <c>no_</c> before them are not there.</remarks>
internal sealed class GatedTools : IToolCatalog
{
    private readonly Channel<GatedToolCall> _calls = Channel.CreateUnbounded<GatedToolCall>();
    private int _count;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    public Dictionary<string, string> Approvals { get; } = [];

    public IEnumerable<string> Names => ["search", "send"];

    public int MaxLength { get; init; } = 1000;

    /// <summary>How often one was called.</summary>
    public int Calls => Volatile.Read(ref _count);

    /// <summary>The next call, once it was made.</summary>
    public Task<GatedToolCall> NextCall() => Wait.For(_calls.Reader.ReadAsync().AsTask(), "a call of a tool");

    /// <summary>The next calls, by the tools' names.</summary>
    public async Task<Dictionary<string, GatedToolCall>> NextCalls(int count)
    {
        var calls = new Dictionary<string, GatedToolCall>();
        for (var i = 0; i < count; i++)
        {
            var call = await NextCall();
            calls.Add(call.Invocation.Name, call);
        }

        return calls;
    }

    public bool MayHave(string name) => !name.StartsWith("no_", StringComparison.Ordinal);

    public bool IsServer(string name) => false;

    public ToolRules RulesOf(string name) => new(Approvals.GetValueOrDefault(name, ToolApproval.Never), Timeout);

    public Task<IReadOnlyList<AIFunctionDeclaration>> DescribeAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        if (names.FirstOrDefault(name => !MayHave(name)) is { } missing) throw new ToolException(ErrorCode.ToolUnavailable, $"There is no tool '{missing}'.");
        return Task.FromResult<IReadOnlyList<AIFunctionDeclaration>>([.. names.Select(name => AIFunctionFactory.CreateDeclaration(name, $"Does {name}.", System.Text.Json.JsonElement.Parse("""{"type":"object"}""")))]);
    }

    public Task<string> CallAsync(ToolInvocation call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var gated = new GatedToolCall(call, cancellationToken);
        _calls.Writer.TryWrite(gated);
        return gated.Answer;
    }
}
