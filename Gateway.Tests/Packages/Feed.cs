using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Packages;

/// <summary>The packages in a folder, and programs outside the repository that are built with them and with nothing else of it: packed and built once.</summary>
public sealed partial class Feed : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>The version of the repository.</summary>
    public string Version { get; } = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The folder of the packages.</summary>
    public string Packages => _folder.At("packages");

    /// <summary>What packing told.</summary>
    public string Packing { get; private set; } = string.Empty;

    /// <summary>The client's first program.</summary>
    public string First => _folder.At("First/bin/Release/net10.0/First.dll");

    /// <summary>The first program with a workflow as a chat client.</summary>
    public string Chat => _folder.At("Chat/bin/Release/net10.0/Chat.dll");

    /// <summary>The first program on the contracts alone.</summary>
    public string Bare => _folder.At("Bare/bin/Release/net10.0/Bare.dll");

    /// <summary>The test of a program that embeds the gateway.</summary>
    public string Check => _folder.At("Check/bin/Release/net10.0/Check.dll");

    public async ValueTask InitializeAsync()
    {
        // What the tests run with is built already, and is what is packed.
        Packing = await Tool.RunAsync(Repository.Root, [], "pack", "Gateway.sln", "-c", Repository.Configuration, "--no-build", "-o", Packages, "--nologo");
        WritePrograms();

        // The packages under test are unpacked here and not where all packages of this machine are: their version stays the same when their content changes.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = _folder.At("unpacked") };
        if (Directory.Exists(cache)) environment["NUGET_FALLBACK_PACKAGES"] = cache;
        await Tool.RunAsync(_folder.Path, environment, "build", "Outside.slnx", "-c", "Release", "--nologo");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The first program in a page of documentation.</summary>
    public static string ProgramIn(string page) => Code().Match(File.ReadAllText(Path.Combine(Repository.Root, page))).Groups["code"].Value;

    private void WritePrograms()
    {
        _folder.Write("nuget.config", $"""<configuration><packageSources><add key="here" value="{Packages}" /></packageSources></configuration>""");
        _folder.Write("Directory.Build.props", "<Project />");
        _folder.Write("Outside.slnx", """<Solution><Project Path="First/First.csproj" /><Project Path="Chat/Chat.csproj" /><Project Path="Bare/Bare.csproj" /><Project Path="Host/Host.csproj" /><Project Path="Check/Check.csproj" /></Solution>""");

        _folder.Write("First/First.csproj", Project("Microsoft.NET.Sdk", $"""<PackageReference Include="Gateway.Client" Version="{Version}" />"""));
        _folder.Write("First/Program.cs", ProgramIn("Gateway.Client/README.md").Replace("\"http://localhost:8080\"", "args[0]", StringComparison.Ordinal));

        _folder.Write("Chat/Chat.csproj", Project("Microsoft.NET.Sdk", $"""<PackageReference Include="Gateway.Client" Version="{Version}" />"""));
        _folder.Write("Chat/Program.cs", ProgramIn("docs/interop.md").Replace("\"http://localhost:8080\"", "args[0]", StringComparison.Ordinal));

        _folder.Write("Bare/Bare.csproj", Project("Microsoft.NET.Sdk", $"""<PackageReference Include="Gateway.Contracts" Version="{Version}" />"""));
        _folder.Write("Bare/Program.cs", ProgramIn("Gateway.Contracts/README.md").Replace("\"ws://localhost:8080\"", "args[0]", StringComparison.Ordinal));

        _folder.Write("Host/Host.csproj", Project("Microsoft.NET.Sdk.Web", $"""<PackageReference Include="Gateway" Version="{Version}" />"""));
        _folder.Write("Host/Program.cs", ProgramIn("Gateway/README.md"));

        var testing = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Single(v => v.Attribute("Include")!.Value == "Microsoft.AspNetCore.Mvc.Testing").Attribute("Version")!.Value;
        _folder.Write("Check/Check.csproj", Project("Microsoft.NET.Sdk", $"""<PackageReference Include="Microsoft.AspNetCore.Mvc.Testing" Version="{testing}" /><ProjectReference Include="../Host/Host.csproj" />"""));
        _folder.Write("Check/Check.cs", File.ReadAllText(Path.Combine(Repository.Root, "Gateway.Tests", "Packages", "Outside", "Check.cs")));
    }

    private static string Project(string sdk, string references) => $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>{references}</ItemGroup>
        </Project>
        """;

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
