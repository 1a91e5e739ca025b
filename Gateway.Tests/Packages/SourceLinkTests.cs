using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Packages;

/// <summary>A debugger finds the sources of a package: at the remote of the repository, in the commit it was built from.</summary>
public sealed class SourceLinkTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Fact]
    public async Task Symbols_name_the_sources_at_the_remote()
    {
        // A copy with a remote of its own: the repository that is tested may have none.
        using var folder = new TempFolder();
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json"]) File.Copy(Path.Combine(Repository.Root, file), folder.At(file));
        var project = Path.Combine(Repository.Root, "Gateway.Contracts");
        foreach (var file in Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(project, file);
            if (name.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")) folder.Write(Path.Combine("Gateway.Contracts", name), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }

        folder.Write(".git/HEAD", "ref: refs/heads/main\n");
        folder.Write(".git/refs/heads/main", $"{Commit}\n");
        folder.Write(".git/config", "[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = https://github.com/example/gateway.git\n");
        Directory.CreateDirectory(folder.At(".git/objects"));

        var words = await Tool.RunAsync(folder.Path, [], "pack", "Gateway.Contracts", "-c", "Release", "-o", folder.At("out"), "--nologo", "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false");

        Assert.DoesNotContain("warning", words, StringComparison.OrdinalIgnoreCase);
        using var package = ZipFile.OpenRead(Directory.EnumerateFiles(folder.At("out"), "*.nupkg").Single());
        var nuspec = Encoding.UTF8.GetString(Bytes(package, "Gateway.Contracts.nuspec"));
        Assert.Contains($"""<repository type="git" url="https://github.com/example/gateway.git" branch="refs/heads/main" commit="{Commit}" />""", nuspec, StringComparison.Ordinal);

        using var symbols = ZipFile.OpenRead(Directory.EnumerateFiles(folder.At("out"), "*.snupkg").Single());
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(symbols, "lib/net10.0/Gateway.Contracts.pdb")));
        var pdb = provider.GetMetadataReader();
        var map = pdb.CustomDebugInformation.Select(pdb.GetCustomDebugInformation).Single(information => pdb.GetGuid(information.Kind) == SourceLink);
        Assert.Equal($$$"""{"documents":{"/_/*":"https://raw.githubusercontent.com/example/gateway/{{{Commit}}}/*"}}""", Encoding.UTF8.GetString(pdb.GetBlobBytes(map.Value)));
        Assert.Contains("/_/Gateway.Contracts/IWorkflowHub.cs", pdb.Documents.Select(document => pdb.GetString(pdb.GetDocument(document).Name)));
    }

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using var entry = package.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}
