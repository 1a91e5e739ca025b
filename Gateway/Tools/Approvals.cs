using Gateway.Contracts;

namespace Gateway.Tools;

/// <summary>Puts together what several say about approval.</summary>
internal static class Approvals
{
    /// <summary>The stricter of two; null says nothing.</summary>
    public static string Stricter(string? one, string? other) => Rank(one) >= Rank(other) ? one ?? ToolApproval.Never : other!;

    private static int Rank(string? approval) => approval switch
    {
        ToolApproval.Always => 2,
        ToolApproval.Once => 1,
        ToolApproval.Never => 0,
        _ => -1,
    };
}
