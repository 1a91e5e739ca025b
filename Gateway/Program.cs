namespace Gateway;

/// <summary>The gateway as a program of its own.</summary>
/// <remarks>In a namespace, so that a program that embeds the gateway, and its tests, have <c>Program</c> to themselves.</remarks>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>Runs it until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> Main(string[] args) => GatewayStart.RunAsync(args);
}
