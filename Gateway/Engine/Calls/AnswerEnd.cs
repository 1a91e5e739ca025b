using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>How an answer came to its end, and what that means: only one with a text is an answer.</summary>
internal sealed class AnswerEnd
{
    private const int LongestName = 64;

    private ChatFinishReason? _reason;
    private readonly List<FunctionCallContent> _calls = [];
    private bool _hasText;
    private bool _hasThought;
    private bool _isRefused;

    /// <summary>Looks at a piece of the answer.</summary>
    public void Add(ChatResponseUpdate update)
    {
        _reason = update.FinishReason ?? _reason;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextReasoningContent { Text.Length: > 0 }: _hasThought = true; break;
                case TextContent text when !string.IsNullOrWhiteSpace(text.Text): _hasText = true; break;
                case FunctionCallContent call when _calls.Count < RequestedCalls.Most: _calls.Add(call); break;
                case ErrorContent: _isRefused = true; break;
            }
        }
    }

    /// <summary>Whether the text was cut at a limit of tokens.</summary>
    public bool IsTruncated => _hasText && _reason == ChatFinishReason.Length;

    /// <summary>The last piece of the call.</summary>
    /// <param name="model">The model's name in the configuration.</param>
    /// <param name="tools">Reads calls of tools; null when it has none.</param>
    /// <param name="mustAnswer">Whether it has used up its calls of tools.</param>
    public ModelPiece ToPiece(string model, RequestedCalls? tools = null, bool mustAnswer = false)
    {
        if (_reason == ChatFinishReason.ContentFilter || (_isRefused && !_hasText)) return Failed("refused to answer: its provider's content filter or policy stopped it.");
        if (_calls.Count > 0 && tools is not null && !mustAnswer && _reason != ChatFinishReason.Length) return new ModelPiece.Called([.. _calls.Select(tools.Read)]);
        if (_hasText) return new ModelPiece.Finished();
        if (_reason == ChatFinishReason.Length)
        {
            return Failed(_hasThought
                ? "used all the tokens it may write for reasoning and wrote no answer; give the agent a higher max_output_tokens."
                : "reached its limit of tokens before it wrote an answer; give the agent a higher max_output_tokens, or less to read.");
        }

        if (_calls is [var call, ..])
        {
            return Failed(mustAnswer
                ? $"wants to call {Tool(call.Name)} once more in place of an answer, but has used up its rounds of tools; give the agent more 'max_tool_rounds', or tell it when to stop."
                : $"wants to call {Tool(call.Name)} in place of an answer, but the agent has no tools; give it 'tools', say so in its instructions, or use another model.");
        }

        if (_hasThought) return Failed("reasoned and then ended without an answer; try again, or use another model.") with { MayPass = true };
        return Failed($"gave an empty answer{Reason()}; try again, or use another model.") with { MayPass = true };

        ModelPiece.Failed Failed(string what) => new(ErrorCode.ModelError, $"Model '{model}' {what}") { MayPass = false };
    }

    // What the provider calls a thing is shown only where it is a name.
    private static string Tool(string name) => IsName(name) ? $"the tool '{name}'" : "a tool";

    private string Reason() => _reason is { } reason && reason != ChatFinishReason.Stop && IsName(reason.Value) ? $" (its reason: '{reason.Value}')" : "";

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
