using Gateway.Models;
using Gateway.Tests.Engine.OwnKinds;
using Gateway.Tests.Infrastructure;
using Gateway.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>Workflow files are read again when they change, and what cannot run changes nothing.</summary>
public sealed class CatalogReloadTests : IDisposable
{
    private const string Sound = "agents: { a: {} }\nnodes: { s: { type: start, next: x }, x: { type: agent, agent: a, next: e }, e: { type: end } }\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_changed_file_is_read_once_it_stands_still()
    {
        Write("a.yaml", "one", 1);
        var catalog = Load();
        Write("a.yaml", "two", 2);

        Assert.Empty(catalog.Refresh().Read);
        Assert.Equal("one", catalog.Find("a")!.Name);
        Assert.Equal(["a"], catalog.Refresh().Read);
        Assert.Equal("two", catalog.Find("a")!.Name);
        Assert.Empty(catalog.Refresh().Read);
    }

    [Fact]
    public void A_file_that_goes_on_changing_is_not_read_in_between()
    {
        Write("a.yaml", "one", 1);
        var catalog = Load();
        for (var i = 2; i < 6; i++)
        {
            // Half written: it could not run.
            _folder.Write("a.yaml", "nodes: { s: {");
            Stamp("a.yaml", i);
            Assert.Empty(catalog.Refresh().Problems);
        }

        Write("a.yaml", "two", 7);
        catalog.Refresh();
        Assert.Empty(catalog.Refresh().Problems);
        Assert.Equal("two", catalog.Find("a")!.Name);
    }

    [Fact]
    public void What_does_not_validate_is_told_once_and_the_last_good_version_stays()
    {
        Write("a.yaml", "one", 1);
        Write("b.yaml", "beside", 1);
        var catalog = Load();
        _folder.Write("a.yaml", Sound.Replace("next: x", "next: xy", StringComparison.Ordinal));
        Stamp("a.yaml", 2);

        Settle(catalog, out var change);
        Assert.Equal($"{_folder.At("a.yaml")}(2,28): nodes.s.next: There is no node 'xy'; did you mean 'x'?", Assert.Single(change.Problems).ToString());
        Assert.Equal((0, 0), (change.Read.Count, change.Gone.Count));
        Assert.Equal("one", catalog.Find("a")!.Name);
        Settle(catalog, out change);
        Assert.Empty(change.Problems);

        Write("a.yaml", "mended", 3);
        Settle(catalog, out _);
        Assert.Equal("mended", catalog.Find("a")!.Name);
    }

    [Fact]
    public void Files_come_and_go()
    {
        Write("a.yaml", "one", 1);
        var catalog = Load();
        Write("new.yaml", "new", 1);
        File.Delete(_folder.At("a.yaml"));

        catalog.Refresh();
        var change = catalog.Refresh();

        Assert.Equal(["new"], change.Read);
        Assert.Equal(["a"], change.Gone);
        Assert.Equal(["new"], catalog.List().Select(workflow => workflow.Id));
    }

    [Fact]
    public void A_file_that_is_replaced_in_two_steps_is_never_away()
    {
        Write("a.yaml", "one", 1);
        var catalog = Load();

        // An editor that moves the old file away before it writes the new one.
        File.Move(_folder.At("a.yaml"), _folder.At("a.yaml~"));
        Assert.Empty(catalog.Refresh().Gone);
        Assert.NotNull(catalog.Find("a"));
        Write("a.yaml", "two", 2);
        catalog.Refresh();
        catalog.Refresh();

        Assert.Equal("two", catalog.Find("a")!.Name);
    }

    [Fact]
    public void A_file_that_is_replaced_by_another_with_an_older_time_is_read()
    {
        Write("a.yaml", "one", 5);
        var catalog = Load();
        Write("b.tmp", "two", 2);
        File.Move(_folder.At("b.tmp"), _folder.At("a.yaml"), overwrite: true);

        Settle(catalog, out var change);

        Assert.Equal(["a"], change.Read);
    }

    [Fact]
    public void A_mounted_folder_whose_link_is_exchanged_is_read()
    {
        // As Kubernetes mounts a config map: every file is a link through "..data", which is exchanged as a whole.
        var mount = Directory.CreateDirectory(_folder.At("mount")).FullName;
        _folder.Write("mount/..first/a.yaml", "name: one\n" + Sound);
        _folder.Write("mount/..second/a.yaml", "name: two\n" + Sound);
        Stamp("mount/..first/a.yaml", 1);
        Stamp("mount/..second/a.yaml", 2);
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..first");
        File.CreateSymbolicLink(Path.Combine(mount, "a.yaml"), Path.Combine("..data", "a.yaml"));
        var catalog = Load("mount");
        Assert.Equal("one", catalog.Find("a")!.Name);

        Directory.Delete(Path.Combine(mount, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..second");
        Settle(catalog, out var change);

        Assert.Equal(["a"], change.Read);
        Assert.Equal("two", catalog.Find("a")!.Name);
    }

    [Fact]
    public void A_shipped_workflow_is_back_when_the_file_that_replaced_it_goes()
    {
        Write("shipped/a.yaml", "shipped", 1);
        Write("mine/a.yaml", "mine", 1);
        var catalog = Load("shipped", "mine");
        Assert.Equal("mine", catalog.Find("a")!.Name);

        File.Delete(_folder.At("mine/a.yaml"));
        Settle(catalog, out var change);

        Assert.Equal(["a"], change.Read);
        Assert.Equal("shipped", catalog.Find("a")!.Name);
    }

    [Fact]
    public void An_id_that_another_file_has_is_refused_until_that_file_goes()
    {
        Write("b.yaml", "first", 1, "id: same\n");
        var catalog = Load();
        Write("a.yaml", "second", 1, "id: same\n");

        Settle(catalog, out var change);
        Assert.Equal("The id 'same' is taken by 'b.yaml' in the same folder; choose another.", Assert.Single(change.Problems).Message);
        Assert.Equal("first", catalog.Find("same")!.Name);

        File.Delete(_folder.At("b.yaml"));
        Settle(catalog, out _);
        Assert.Equal("second", catalog.Find("same")!.Name);
    }

    [Fact]
    public void A_folder_that_goes_away_takes_nothing_with_it()
    {
        Write("mine/a.yaml", "one", 1);
        var catalog = Load("mine");
        Directory.Move(_folder.At("mine"), _folder.At("away"));

        Settle(catalog, out var change);
        Assert.StartsWith("The folder cannot be read: ", Assert.Single(change.Problems).Message, StringComparison.Ordinal);
        Settle(catalog, out change);
        Assert.Empty(change.Problems);
        Assert.NotNull(catalog.Find("a"));

        Directory.Move(_folder.At("away"), _folder.At("mine"));
        Settle(catalog, out change);
        Assert.Empty(change.Read);
    }

    [Fact]
    public async Task The_gateway_looks_from_time_to_time_and_says_what_it_found()
    {
        Write("workflows/a.yaml", "one", 1);
        var time = new FakeTimeProvider();
        using var log = new TestLog();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.Path });
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton<IModelCatalog>(new GatedModels { DefaultOnly = true });
        builder.Services.AddSingleton(TestKinds.BuiltIn.Shapes);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Configuration["Gateway:WorkflowsInterval"] = "5s";
        builder.Services.AddWorkflowCatalog(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var catalog = host.Services.GetRequiredService<IWorkflowCatalog>();

        Write("workflows/a.yaml", "two", 2);
        _folder.Write("workflows/broken.yaml", "nodes: []\n");
        Stamp("workflows/broken.yaml", 1);
        await Wait.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return log.Entries.Any(entry => entry.Message.StartsWith($"'{_folder.At("workflows/broken.yaml")}' has changed and cannot run", StringComparison.Ordinal));
        }, "the refusal of the broken file");

        Assert.Equal("two", catalog.Find("a")!.Name);
        Assert.Contains(log.Entries, entry => entry.Message == "Read again, for sessions that start from now on: a");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private WorkflowCatalog Load(params string[] folders) =>
        WorkflowCatalog.Load(folders.Length == 0 ? [_folder.Path] : folders.Select(_folder.At), new DefinitionCheck(TestKinds.Validator, _ => null));

    private void Write(string file, string name, int second, string head = "")
    {
        _folder.Write(file, $"{head}name: {name}\n{Sound}");
        Stamp(file, second);
    }

    // Times of its own, since the file system's may be the same for two writes.
    private void Stamp(string file, int second) => File.SetLastWriteTimeUtc(_folder.At(file), new DateTime(2026, 1, 1, 0, 0, second, DateTimeKind.Utc));

    private static void Settle(WorkflowCatalog catalog, out CatalogChange change)
    {
        var first = catalog.Refresh();
        var second = catalog.Refresh();
        change = new CatalogChange([.. first.Read, .. second.Read], [.. first.Gone, .. second.Gone], [.. first.Problems, .. second.Problems]);
    }
}
