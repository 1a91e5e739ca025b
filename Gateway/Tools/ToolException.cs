using Gateway.Contracts;

namespace Gateway.Tools;

/// <summary>A call that failed for a reason that the model and people may read.</summary>
/// <remarks>A tool throws it to say what is wrong. The words of any other exception stay in the gateway's own log.</remarks>
public sealed class ToolException : Exception
{
    /// <summary>The call failed.</summary>
    /// <param name="message">Why, as a sentence.</param>
    public ToolException(string message)
        : this(ErrorCode.ToolFailed, message)
    {
    }

    internal ToolException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>One of <see cref="ErrorCode"/>.</summary>
    internal string Code { get; }
}
