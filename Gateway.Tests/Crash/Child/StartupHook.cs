using Gateway.Tests.Crash.Child;

/// <summary>What the runtime calls before the gateway's own Main, because DOTNET_STARTUP_HOOKS names this assembly.</summary>
/// <remarks>The runtime demands this name and no namespace. The gateway that runs is the product's own, unchanged.</remarks>
internal static class StartupHook
{
    public static void Initialize() => ChildHost.Install();
}
