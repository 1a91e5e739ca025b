using Gateway.Contracts;

namespace Gateway.Engine;

/// <summary>How large snapshots are.</summary>
internal static class SnapshotSize
{
    // Text is kept as UTF-16, and once more as the JSON that was made of it; an entry and each of its nodes have their own size.
    private const int BytesPerCharacter = 3;
    private const int BytesPerEntry = 1024;
    private const int BytesPerNode = 200;

    /// <summary>The characters of its texts.</summary>
    public static long Characters(SessionSnapshot snapshot) =>
        snapshot.Nodes.Values.Sum(node => (long)(node.Text?.Length ?? 0) + (node.Thinking?.Length ?? 0) + (node.Error?.Length ?? 0) + (node.Tools?.Sum(call => (long)(call.Result?.Length ?? 0)) ?? 0))
        + snapshot.UserMessages.Sum(message => (long)message.Length)
        + snapshot.HeldInputs.Sum(held => (long)held.Content.Length)
        + (snapshot.Output?.Length ?? 0);

    /// <summary>What it takes in memory, roughly, in bytes.</summary>
    public static long Bytes(SessionSnapshot snapshot) => Characters(snapshot) * BytesPerCharacter + BytesPerEntry + (long)BytesPerNode * snapshot.Nodes.Count;
}
