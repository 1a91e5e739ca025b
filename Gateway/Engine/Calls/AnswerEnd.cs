using Gateway.Contracts;
using Microsoft.Extensions.AI;

namespace Gateway.Engine.Calls;

/// <summary>How an answer came to its end, and what that means: only one with a text is an answer.</summary>
internal sealed class AnswerEnd
{
    private const int LongestName = 64;

    private ChatFinishReason? _reason;
    private string? _tool;
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
                case FunctionCallContent call: _tool ??= call.Name; break;
                case ErrorContent: _isRefused = true; break;
            }
        }
    }

    /// <summary>Whether the text was cut at a limit of tokens.</summary>
    public bool IsTruncated => _hasText && _reason == ChatFinishReason.Length;

    /// <summary>The last piece of the call.</summary>
    /// <param name="model">The model's name in the configuration.</param>
    public ModelPiece ToPiece(string model)
    {
        if (_reason == ChatFinishReason.ContentFilter || (_isRefused && !_hasText)) return Failed("refused to answer: its provider's content filter or policy stopped it.");
        if (_hasText) return new ModelPiece.Finished();
        if (_reason == ChatFinishReason.Length)
        {
            return Failed(_hasThought
                ? "used all the tokens it may write for reasoning and wrote no answer; give the agent a higher max_output_tokens."
                : "reached its limit of tokens before it wrote an answer; give the agent a higher max_output_tokens, or less to read.");
        }

        if (_tool is not null) return Failed($"wants to call {Tool(_tool)} in place of an answer, but agents here have no tools; say so in the agent's instructions, or use another model.");
        if (_hasThought) return Failed("reasoned and then ended without an answer; try again, or use another model.");
        return Failed($"gave an empty answer{Reason()}; try again, or use another model.");

        ModelPiece.Failed Failed(string what) => new(ErrorCode.ModelError, $"Model '{model}' {what}");
    }

    // What the provider calls a thing is shown only where it is a name.
    private static string Tool(string name) => IsName(name) ? $"the tool '{name}'" : "a tool";

    private string Reason() => _reason is { } reason && reason != ChatFinishReason.Stop && IsName(reason.Value) ? $" (its reason: '{reason.Value}')" : "";

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
