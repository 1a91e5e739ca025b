namespace Gateway.Tests.Engine;

/// <summary>Waits for a signal with one generous timeout, whose message says what was missing.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> Get<T>(Task<T> signal, string what)
    {
        await Get((Task)signal, what);
        return await signal;
    }

    public static async Task Get(Task signal, string what)
    {
        try
        {
            await signal.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!signal.IsCompleted)
        {
            throw new TimeoutException($"{Limit.TotalSeconds} s passed without {what}.");
        }
    }
}
