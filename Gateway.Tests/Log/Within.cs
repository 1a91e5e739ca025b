namespace Gateway.Tests.Log;

/// <summary>Waits for what a test needs, with one generous limit whose message says what was missing.</summary>
internal static class Within
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TimeLimit(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Not within {Limit.TotalSeconds} s: {what}.");
        }
    }

    public static async Task<T> TimeLimit<T>(Task<T> task, string what)
    {
        await TimeLimit((Task)task, what);
        return await task;
    }
}
