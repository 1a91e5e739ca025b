using Xunit;

namespace Gateway.Tests.Client;

/// <summary>The one generous time limit for a signal a test waits for.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> Within<T>(Task<T> signal, string missing)
    {
        await Within((Task)signal, missing);
        return await signal;
    }

    public static async Task Within(Task signal, string missing)
    {
        try
        {
            await signal.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!signal.IsCompleted)
        {
            Assert.Fail($"Waited {Limit.TotalSeconds} s in vain for this: {missing}.");
        }
    }
}
