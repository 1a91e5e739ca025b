using System.Text.Json;
using System.Xml.Linq;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Architecture;

/// <summary>What others bring into the build is written down, to the byte, and looked at.</summary>
public sealed class PackageTests
{
    // What an SDK adds by itself, and the properties that pin its version.
    private static readonly Dictionary<string, string> BroughtBySdk = new()
    {
        ["Microsoft.NET.ILLink.Tasks"] = "MicrosoftNETILLinkTasksVersion",
        ["Microsoft.AspNetCore.App.Internal.Assets"] = "MicrosoftAspNetCoreAppInternalAssetsVersion",
    };

    private static readonly string[] Made = ["bin", "obj", "artifacts", "node_modules", ".git"];

    public static TheoryData<string> Projects => [.. Files("*.csproj").Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_has_a_lock_file_of_all_its_packages(string project)
    {
        var path = Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json");
        Assert.True(File.Exists(path), $"{project} has no packages.lock.json beside it: run 'dotnet restore' and commit it.");
        var targets = JsonElement.Parse(File.ReadAllText(path)).GetProperty("dependencies").EnumerateObject().ToList();

        // A section for one kind of machine would be wanted on every other one, too.
        Assert.Equal(["net10.0"], targets.Select(target => target.Name));
        var packages = targets[0].Value.EnumerateObject().Where(package => package.Value.GetProperty("type").GetString() != "Project").ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.NotEmpty(package.Value.GetProperty("contentHash").GetString()!));

        // Whoever raises a version and forgets the lock file learns it here as well as at the restore.
        var file = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        var central = file.Descendants("PackageVersion").ToDictionary(v => v.Attribute("Include")!.Value, v => v.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (package, property) in BroughtBySdk) central.Add(package, file.Descendants(property).Single().Value);
        Assert.All(packages.Where(package => central.ContainsKey(package.Name)), package => Assert.Equal((package.Name, central[package.Name]), (package.Name, package.Value.GetProperty("resolved").GetString())));
        Assert.All(packages.Where(package => package.Value.GetProperty("type").GetString() == "Direct"), package => Assert.True(central.ContainsKey(package.Name), $"{package.Name} comes with the SDK and changes with it."));
    }

    [Fact]
    public void Known_vulnerabilities_are_asked_for_and_fail_the_build()
    {
        var settings = Files("*.props").Concat(Files("*.csproj")).Concat(Files("*.targets")).SelectMany(path => XDocument.Load(path).Descendants()).ToList();

        Assert.Equal(["true"], Values("NuGetAudit"));
        Assert.Equal(["all"], Values("NuGetAuditMode"));
        Assert.Equal(["low"], Values("NuGetAuditLevel"));
        Assert.Equal(["true"], Values("TreatWarningsAsErrors"));
        Assert.DoesNotContain(settings, setting => setting.Name.LocalName is "NoWarn" or "WarningsNotAsErrors" && setting.Value.Split(';').Any(code => code is "NU1901" or "NU1902" or "NU1903" or "NU1904"));

        IEnumerable<string> Values(string name) => settings.Where(setting => setting.Name.LocalName == name).Select(setting => setting.Value);
    }

    [Fact]
    public void Nothing_comes_by_npm_without_a_lock_file() =>
        Assert.All(Files("package.json"), path => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "package-lock.json")), $"{path} has no package-lock.json beside it; install with 'npm ci'."));

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(Made.Contains));
}
