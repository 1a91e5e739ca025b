using Gateway.Contracts;
using Gateway.Refusals;
using Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace Gateway.Admission;

/// <summary>What the large commands and answers of all clients may take together while they are under way.</summary>
/// <remarks>
/// A command takes its bytes from here when it turns out to be large, before the rest of it is read, and gives them back
/// when it is done. Small ones never come here.
/// </remarks>
internal sealed class LargeMessages(IOptions<LimitsOptions> options, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>What is no larger, in bytes, is small.</summary>
    public const int Small = 64 * 1024;

    // While it is read and done, a command takes up to some ten times its bytes: in the pipe, in one piece, as text, as JSON for the log.
    private const int PartOfMemory = 32;
    private const long LeastByDefault = 8L << 20;
    private const long MostByDefault = 256L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(1);

    private readonly ByteBudget _budget = new(options.Value.MaxBytesInFlight ?? ByDefault(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), time);

    /// <summary>The bytes, for tests.</summary>
    internal ByteBudget Budget => _budget;

    /// <summary>What the budget is without a setting.</summary>
    /// <param name="memory">The memory there is for the process, in bytes.</param>
    public static long ByDefault(long memory) => Math.Clamp(memory / PartOfMemory, LeastByDefault, MostByDefault);

    /// <summary>Takes the bytes of a message; waits a few seconds for them.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>: others have taken all of them.</exception>
    public ValueTask<ByteShare> TakeAsync(long bytes, CancellationToken cancellationToken) => TakeAsync(bytes, Patience, cancellationToken);

    /// <summary>As <see cref="TakeAsync(long, CancellationToken)"/> for what is in memory already, of which no more may wait than be under way.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public ValueTask<ByteShare> TakeForAnswerAsync(long bytes, CancellationToken cancellationToken) => TakeAsync(bytes, _budget.Wanted > _budget.Total ? TimeSpan.Zero : Patience, cancellationToken);

    /// <summary>The refusal of a message that came too slowly while others waited.</summary>
    public GatewayException TooSlow() => Refuse($"this message has taken longer than {ByteBudget.LongestTransfer.TotalSeconds} s while others waited; send it again, faster or in smaller parts");

    private async ValueTask<ByteShare> TakeAsync(long bytes, TimeSpan patience, CancellationToken cancellationToken) =>
        await _budget.TakeAsync(bytes, keepFree: 0, goesAhead: false, patience, cancellationToken) ?? throw Refuse("those of other clients take all of it; send this again in a moment");

    private GatewayException Refuse(string why)
    {
        metrics.Refused(LimitNames.BytesInFlight);
        return new GatewayException(
            ErrorCode.LimitExceeded,
            $"Commands and answers of more than {Small / 1024} KiB share {_budget.Total} bytes ({LimitsOptions.Section}:{nameof(LimitsOptions.MaxBytesInFlight)}), and {why}.")
        {
            RetryAfter = ComeBackAfter,
        };
    }
}
