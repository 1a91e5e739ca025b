using System.Collections.Frozen;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Network;

/// <summary>What providers mean by the reason for which an answer ended.</summary>
internal static class FinishReasons
{
    private static readonly FrozenDictionary<string, ChatFinishReason> Known = Names(
        (ChatFinishReason.Stop, ["stop", "eos", "eos_token", "end", "end_turn", "stop_sequence", "normal", "complete", "completed"]),
        (ChatFinishReason.Length, ["length", "max_tokens", "max_output_tokens", "max_length", "model_length", "model_context_window_exceeded"]),
        (ChatFinishReason.ContentFilter, ["content_filter", "content_filtered", "safety", "recitation", "blocklist", "prohibited_content", "spii", "sensitive"]),
        (ChatFinishReason.ToolCalls, ["tool_calls", "tool_call", "tool_use", "function_call"]));

    private static readonly FrozenSet<string> Failures = new[]
    {
        "error", "failed", "abort", "aborted", "cancelled", "canceled", "timeout", "overloaded", "server_error", "network_error", "internal_error", "insufficient_system_resource",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The reason, known or not; null when the provider fills the member in without meaning an end.</summary>
    /// <exception cref="ProviderStreamException">The reason is a failure.</exception>
    public static ChatFinishReason? Of(string? reason)
    {
        reason = reason?.Trim();
        if (string.IsNullOrEmpty(reason) || reason.Equals("null", StringComparison.OrdinalIgnoreCase)) return null;
        if (Failures.Contains(reason)) throw new ProviderStreamException(reason.Equals("error", StringComparison.OrdinalIgnoreCase) ? null : $"its provider ended it with the reason \"{reason}\"");

        // An unknown reason does not spoil a text that is there.
        return Known.TryGetValue(reason, out var known) ? known : new ChatFinishReason(reason);
    }

    private static FrozenDictionary<string, ChatFinishReason> Names(params (ChatFinishReason Reason, string[] Names)[] rows) =>
        rows.SelectMany(row => row.Names, (row, name) => (row.Reason, name)).ToFrozenDictionary(row => row.name, row => row.Reason, StringComparer.OrdinalIgnoreCase);
}
