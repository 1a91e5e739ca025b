namespace Gateway.Tests.Crash.Child;

/// <summary>Listens to the test on the standard input: lets the models speak, and ends with the test.</summary>
internal sealed class Commander
{
    public const string GoWord = "go";

    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Commander() => new Thread(Listen) { IsBackground = true, Name = "test commands" }.Start();

    /// <summary>Completes when the models may speak.</summary>
    public Task Go => _go.Task;

    private void Listen()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == GoWord) _go.TrySetResult();
        }

        // The test's process is gone, whatever ended it: no gateway is left behind.
        throw SelfKill.Now();
    }
}
