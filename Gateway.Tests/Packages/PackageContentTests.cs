using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Packages;

/// <summary>What is in the packages.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PackageContentTests(Feed feed)
{
    public static TheoryData<string> Ids => ["Gateway", "Gateway.Client", "Gateway.Contracts"];

    [Fact]
    public void Packing_makes_three_packages_with_their_symbols_and_warns_of_nothing()
    {
        var files = Directory.EnumerateFiles(feed.Packages).Select(Path.GetFileName).Order(StringComparer.Ordinal);

        Assert.Equal(Ids.Select(id => id.Data).SelectMany(id => new[] { $"{id}.{feed.Version}.nupkg", $"{id}.{feed.Version}.snupkg" }).Order(StringComparer.Ordinal), files);
        Assert.DoesNotContain("warning", feed.Packing, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_package_has_its_assembly_documentation_and_page(string id)
    {
        using var package = Open(id, "nupkg");
        string[] wanted = [$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md"];
        Assert.Subset(Names(package).ToHashSet(), wanted.ToHashSet());
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, id, "README.md")), Read(package, "README.md"));
        Assert.Contains("<summary>", Read(package, $"lib/net10.0/{id}.xml"), StringComparison.Ordinal);

        var metadata = XDocument.Parse(Read(package, $"{id}.nuspec")).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        Assert.Equal([id, feed.Version, "README.md"], ((string[])["id", "version", "readme"]).Select(name => Value(metadata, name)));
        Assert.EndsWith(".", Value(metadata, "description"), StringComparison.Ordinal);

        // Of this repository only what belongs to it, in the same version.
        var own = metadata.Descendants().Where(e => e.Name.LocalName == "dependency" && Ids.Any(i => i.Data == e.Attribute("id")!.Value)).Select(e => $"{e.Attribute("id")!.Value} {e.Attribute("version")!.Value}");
        Assert.Equal(id == "Gateway.Contracts" ? [] : [$"Gateway.Contracts {feed.Version}"], own);

        using var symbols = Open(id, "snupkg");
        Assert.Contains($"lib/net10.0/{id}.pdb", Names(symbols));
    }

    [Fact]
    public void The_contract_references_nothing_and_brings_the_protocol()
    {
        using var package = Open("Gateway.Contracts", "nupkg");

        Assert.DoesNotContain(XDocument.Parse(Read(package, "Gateway.Contracts.nuspec")).Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Contains("PROTOCOL.md", Names(package));
    }

    [Fact]
    public void The_gateway_brings_no_settings_and_no_files_into_a_web_root()
    {
        using var package = Open("Gateway", "nupkg");
        var names = Names(package).ToList();

        Assert.DoesNotContain(names, name => name.Contains("wwwroot", StringComparison.Ordinal) || name.Contains("staticwebassets", StringComparison.Ordinal) || name.Contains("appsettings", StringComparison.Ordinal) || name.StartsWith("content/", StringComparison.Ordinal));
        Assert.Contains("contentFiles/any/net10.0/workflows/council-debate.yaml", names);
    }

    [Fact]
    public void The_browser_library_has_the_same_version()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "clients", "typescript", "package.json")));

        Assert.Equal(feed.Version, package.RootElement.GetProperty("version").GetString());
    }

    private ZipArchive Open(string id, string kind) => ZipFile.OpenRead(Path.Combine(feed.Packages, $"{id}.{feed.Version}.{kind}"));

    private static IEnumerable<string> Names(ZipArchive package) => package.Entries.Select(entry => entry.FullName);

    private static string Read(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
}
