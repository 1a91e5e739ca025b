using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gateway.Client.Connection;

/// <summary>Whether this program can speak MessagePack.</summary>
internal static class PackedMessages
{
    /// <summary>False in a program that is trimmed or compiled ahead of time: SignalR's MessagePack finds types, and makes code for them, while the program runs.</summary>
    /// <remarks>The guards tell the compiler of such a program that this is false, and it leaves MessagePack out.</remarks>
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
#pragma warning disable IL4000 // The runtime can be asked about code that is made, and not about types that were trimmed away; the compiler puts false in both places.
    public static bool AreSupported => RuntimeFeature.IsDynamicCodeSupported;
#pragma warning restore IL4000
}
