using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Tools;

/// <summary>The MCP server of the tests, which stands in a folder of its own beside them.</summary>
internal static class McpProgram
{
    /// <summary>What starts a program of .NET.</summary>
    public static string Dotnet { get; } = Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>Its file.</summary>
    public static string File { get; } = Find();

    /// <summary>Settings of a server <c>lib</c> that is started as a program.</summary>
    public static (string Key, string Value)[] AsCommand(params string[] arguments) =>
    [
        ("Gateway:Mcp:lib:Command", Dotnet),
        ("Gateway:Mcp:lib:Arguments:0", File),
        .. arguments.Select((argument, index) => ($"Gateway:Mcp:lib:Arguments:{index + 1}", argument)),
    ];

    /// <summary>Starts it as a server over HTTP; returns it, and where it listens.</summary>
    public static async Task<(Process Process, string Address)> ServeAsync()
    {
        var process = Process.Start(new ProcessStartInfo(Dotnet, [File, "http"]) { RedirectStandardOutput = true })!;
        var address = await Wait.For(process.StandardOutput.ReadLineAsync(), "the address of the MCP server");
        return (process, address!);
    }

    private static string Find()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "Gateway.Tests.McpServer", "bin", output.Parent.Name, output.Name, "Gateway.Tests.McpServer.dll");
    }
}
