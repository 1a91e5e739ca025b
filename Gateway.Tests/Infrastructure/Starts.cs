namespace Gateway.Tests.Infrastructure;

/// <summary>The starts that tests of the doors use.</summary>
internal static class Starts
{
    public static string NewId() => $"d-{Guid.NewGuid():N}";

    /// <summary>Runs to its end by itself.</summary>
    public static object Quick(string id) => new { workflow_id = "quick-answer", subject = "Tea or coffee?", session_id = id };

    /// <summary>Stands still at a prompt, and takes every command there.</summary>
    public static object Reviewed(string id) => new { workflow_id = "reviewed-draft", subject = "A letter", session_id = id };
}
