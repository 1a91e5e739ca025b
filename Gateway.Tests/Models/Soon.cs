using Xunit;

namespace Gateway.Tests.Models;

/// <summary>Waits for signals with one generous limit that says what was missing.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> OrFail<T>(this Task<T> task, string what)
    {
        await ((Task)task).OrFail(what);
        return await task;
    }

    public static async Task OrFail(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new Xunit.Sdk.XunitException($"Waited {Limit.TotalSeconds} s in vain for {what}.");
        }
    }
}
