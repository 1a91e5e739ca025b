using Xunit;

namespace Gateway.Tests.Infrastructure;

/// <summary>The one shared timeout: generous, and its message says what was missing.</summary>
internal static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> For<T>(Task<T> task, string what, TimeSpan? limit = null)
    {
        await For((Task)task, what, limit);
        return await task;
    }

    /// <summary>Waits, and longer than usual for what is much work on a machine that has other things to do.</summary>
    public static async Task For(Task task, string what, TimeSpan? limit = null)
    {
        try
        {
            await task.WaitAsync(limit ?? Limit, TestContext.Current.CancellationToken);
        }
        // A task may end with a TimeoutException of its own: that one passes as it is.
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Waited {(limit ?? Limit).TotalSeconds} s in vain for {what}.");
        }
    }

    /// <summary>Looks again and again, where nothing tells.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Limit) throw new TimeoutException($"Waited {Limit.TotalSeconds} s in vain for {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }
}
