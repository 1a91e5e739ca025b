using System.Runtime.CompilerServices;

namespace Gateway.Tests.Infrastructure;

/// <summary>What processes that tests start are told of the runtime.</summary>
/// <remarks>
/// The gateway compiles what is called often at once (<c>Gateway/Runtime.props</c>), which makes its start a seventh dearer: that pays for a
/// gateway that lives for hours, and not for the hundreds that the tests start for a second. They wait with it as .NET does by itself.
/// A test that measures a gateway as it is shipped takes <see cref="Setting"/> away.
/// </remarks>
internal static class ShortLives
{
    /// <summary>The setting, as the environment has it.</summary>
    public const string Setting = "DOTNET_TC_CallCountingDelayMs";

    // A hundred, which is .NET's default; its settings are hexadecimal.
    private const string DefaultDelay = "64";

    [ModuleInitializer]
    internal static void Tell() => Environment.SetEnvironmentVariable(Setting, DefaultDelay);
}
