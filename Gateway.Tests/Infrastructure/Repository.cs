namespace Gateway.Tests.Infrastructure;

/// <summary>The repository the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>How the tests were built: Debug or Release.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The program of a project that was built along with the tests.</summary>
    public static string ProgramOf(string project) => Path.Combine(Root, project, "bin", Configuration, "net10.0", $"{Path.GetFileName(project)}.dll");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run below the folder of Gateway.sln.");
    }
}
