using System.Diagnostics;
using Gateway.Files;
using Gateway.Models;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Files;

/// <summary>Files of the operator's that are none: nothing waits for a pipe.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_pipe_is_refused_and_not_waited_for()
    {
        var pipe = MakePipe("pipe.yaml");

        Assert.EndsWith("is no regular file but a pipe, a socket or a device.", Assert.Throws<IOException>(() => RegularFile.OpenRead(pipe)).Message, StringComparison.Ordinal);
        Assert.Equal(-1, FileStamp.Of(pipe).Length);
        var problem = Assert.Single((await Wait.For(Task.Run(() => WorkflowFileReader.Read(pipe)), "the workflow file")).Problems);
        Assert.Contains("is no regular file", problem.Message, StringComparison.Ordinal);

        var problems = new List<string>();
        Assert.False(await Wait.For(Task.Run(() => new PriceTable([pipe]).Refresh(settles: false, problems)), "the price file"));
        Assert.Contains("is no regular file", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_read_through_links_and_whatever_its_name()
    {
        var path = _folder.Write("ä b.yaml", "id: x");
        var link = _folder.At("link.yaml");
        File.CreateSymbolicLink(link, path);

        foreach (var name in new[] { path, link }) Assert.Equal("id: x"u8.ToArray(), RegularFile.ReadAll(name, 5, _ => new InvalidDataException()));
        Assert.Equal(FileStamp.Of(path), FileStamp.Of(link));
        Assert.Equal("5", Assert.Throws<InvalidDataException>(() => RegularFile.ReadAll(path, 4, length => new InvalidDataException($"{length}"))).Message);
    }

    [Fact]
    public void What_is_not_there_or_is_a_folder_is_told()
    {
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(_folder.At("none")));
        Assert.Throws<UnauthorizedAccessException>(() => RegularFile.OpenRead(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private string MakePipe(string name)
    {
        var path = _folder.At(name);
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }
}
