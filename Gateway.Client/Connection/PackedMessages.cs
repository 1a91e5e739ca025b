using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gateway.Client.Connection;

/// <summary>Whether this program can speak MessagePack.</summary>
internal static class PackedMessages
{
    /// <summary>False in a program that is trimmed or compiled ahead of time: SignalR's MessagePack finds types, and makes code for them, while the program runs.</summary>
    /// <remarks>The compiler of such a program knows the answer from the guards, and leaves MessagePack out of it.</remarks>
    [FeatureSwitchDefinition("Gateway.Client.MessagePack")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
    public static bool AreSupported => AppContext.TryGetSwitch("Gateway.Client.MessagePack", out var chosen) ? chosen : RuntimeFeature.IsDynamicCodeSupported;
}
