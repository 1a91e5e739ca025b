using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Engine;

/// <summary>What the sessions in memory take together; what users add is refused beyond it.</summary>
/// <remarks>
/// What models write is counted, too, but never refused. A quarter is kept for small starts and words, so that a few large
/// sessions do not shut out the many.
/// </remarks>
/// <param name="most">The setting; null for what fits the memory there is.</param>
/// <param name="time">The clock.</param>
/// <param name="relieve">Sends those away that only wait for somebody.</param>
internal sealed class SessionMemory(long? most, TimeProvider time, Action relieve)
{
    // Beside what is counted there are prompts, which repeat the texts, what is on its way to readers, and what nobody has collected yet.
    private const int PartOfMemory = 8;
    private const long LeastByDefault = 64L << 20;
    private const long MostByDefault = 16L << 30;
    private const int PartForSmall = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(5);

    private readonly ByteBudget _budget = new(most ?? ByDefault(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), time, relieve);

    /// <summary>What they take, in bytes.</summary>
    public long Used => _budget.Used;

    /// <summary>Whether somebody waits for room.</summary>
    public bool IsShort => _budget.Wanted > 0;

    /// <summary>What they may take without a setting.</summary>
    /// <param name="memory">The memory there is for the process, in bytes.</param>
    public static long ByDefault(long memory) => Math.Clamp(memory / PartOfMemory, LeastByDefault, MostByDefault);

    /// <summary>Takes room for what a user adds; null when there is none, also not soon.</summary>
    public ValueTask<ByteShare?> TryTakeAsync(long bytes, CancellationToken cancellationToken)
    {
        var isSmall = bytes <= LargeMessages.Small;
        return _budget.TakeAsync(bytes, isSmall ? 0 : _budget.Total / PartForSmall, isSmall, Patience, cancellationToken);
    }

    /// <summary>As <see cref="TryTakeAsync"/>.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public async ValueTask<ByteShare> TakeAsync(long bytes, CancellationToken cancellationToken) => await TryTakeAsync(bytes, cancellationToken) ?? throw Refuse();

    /// <summary>Takes room for so many characters of a user's words until the session has them and counts them itself; null for a few, while there is room for many.</summary>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public async ValueTask<ByteShare?> TakeForWordsAsync(long characters, CancellationToken cancellationToken)
    {
        var bytes = characters * sizeof(char);
        return bytes <= LargeMessages.Small && _budget.Used + bytes <= _budget.Total ? null : await TakeAsync(bytes, cancellationToken);
    }

    /// <summary>Takes room for a session that cannot be left out.</summary>
    public ByteShare TakeAnyway(long bytes) => _budget.TakeAnyway(bytes);

    /// <summary>The refusal of what finds no room.</summary>
    public GatewayException Refuse() => new(
        ErrorCode.LimitExceeded,
        $"The sessions in memory take as much as they may together, {_budget.Total} bytes ({SessionsOptions.Section}:{nameof(SessionsOptions.MaxMemoryBytes)}); try again when others have ended.")
    {
        RetryAfter = ComeBackAfter,
    };
}
