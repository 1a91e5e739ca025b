using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gateway.Delivery.Outputs;

/// <summary>Asks the processor to fetch an object that is needed soon; a hint, without any effect on what is computed.</summary>
/// <remarks>
/// A send to one client pushes the next client's objects out of the cache. The fan-out knows who comes next, and the
/// system call in between leaves the time to fetch them.
/// </remarks>
internal static unsafe class Prefetch
{
    private const int LineLength = 64;

    /// <summary>Fetches an object's first lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Object<T>(T? target, int lines = 1)
        where T : class
    {
        // The address may be stale at once, when the collector moves the object: a prefetch of any address is harmless.
        if (!Sse.IsSupported || target is null) return;
        var address = *(byte**)Unsafe.AsPointer(ref target);
        for (var i = 0; i < lines; i++) Sse.Prefetch0(address + (i * LineLength));
    }
}
