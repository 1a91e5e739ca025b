using System.ClientModel.Primitives;

namespace Gateway.Models.OpenAI;

/// <summary>Asks a provider again, twice at most, before its answer has begun.</summary>
/// <remarks>Which failures deserve it (408, 429, 500, 502, 503, 504, no connection) is the library's rule. Once the answer streams nothing is retried here: the text has been shown.</remarks>
internal sealed class ModelRetryPolicy(TimeProvider timeProvider) : ClientRetryPolicy(MaxRetries)
{
    /// <summary>How many times a request is sent again.</summary>
    public const int MaxRetries = 2;

    // A provider may ask for an hour; then its refusal is the better answer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        var wait = base.GetNextDelay(message, tryCount);
        return wait < LongestWait ? wait : LongestWait;
    }

    protected override Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        Task.Delay(time, timeProvider, cancellationToken);
}
