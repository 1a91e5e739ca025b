using Gateway.Log;
using Gateway.Log.Memory;
using Gateway.Log.Sqlite;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>What <c>Gateway:Storage</c> makes of the host.</summary>
public sealed class LogServicesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Default_is_a_sqlite_file_under_the_content_root()
    {
        using (var host = Host())
        {
            await host.StartAsync(Token);
            Assert.IsType<SqliteSessionLog>(host.Services.GetRequiredService<ISessionLog>());
            await host.StopAsync(Token);
        }

        Assert.True(File.Exists(_folder.At("data/gateway.db")));
    }

    [Fact]
    public async Task Memory_writes_no_file()
    {
        using var host = Host(("Provider", "memory"));
        await host.StartAsync(Token);

        var log = host.Services.GetRequiredService<ISessionLog>();
        Assert.IsType<MemorySessionLog>(log);
        Assert.Same(log, host.Services.GetRequiredService<ILogHistory>());
        Assert.Same(log, host.Services.GetRequiredService<ILogHealth>());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Settings_of_another_store_do_not_matter()
    {
        using var host = Host(("Provider", "memory"), ("Path", " "), ("Durability", "always"));

        await host.StartAsync(Token);

        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Store_of_the_hosts_own_is_chosen_by_its_name()
    {
        var store = new MemorySessionLog();
        using var host = Host(services => services.AddLogStore("ours", _ => store), ("Provider", "ours"));
        await host.StartAsync(Token);

        Assert.Same(store, host.Services.GetRequiredService<ISessionLog>());
        await host.StopAsync(Token);
    }

    [Theory]
    [InlineData("Provider", "redis", "Gateway:Storage:Provider: must be 'memory' or 'sqlite', not 'redis'.")]
    [InlineData("Path", " ", "Gateway:Storage:Path: must be the path of the SQLite file, such as 'data/gateway.db', not empty.")]
    [InlineData("Durability", "always", "Gateway:Storage:Durability: must be 'process' or 'power', not 'always'.")]
    [InlineData("Retention:MaxAge", "-1.00:00:00", "Gateway:Storage:Retention:MaxAge: must be 00:00:00.001 or longer, not -1.00:00:00.")]
    [InlineData("Retention:MaxSessions", "-1", "Gateway:Storage:Retention:MaxSessions: must be 0 or more, not -1.")]
    [InlineData("Retention:Interval", "00:00:00", "Gateway:Storage:Retention:Interval: must be from 00:00:01 to 1.00:00:00, not 00:00:00.")]
    public async Task Wrong_setting_stops_the_start_with_a_sentence(string key, string value, string sentence)
    {
        using var host = Host((key, value));

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_used_stops_the_start_with_a_sentence()
    {
        var path = _folder.At("notes.txt");
        await File.WriteAllTextAsync(path, new string('x', 5000), Token);
        using var host = Host(("Path", path));

        var refusal = await Assert.ThrowsAsync<StorageException>(() => host.StartAsync(Token));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    private IHost Host(params (string Key, string Value)[] settings) => Host(_ => { }, settings);

    private IHost Host(Action<IServiceCollection> services, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.Path, DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{StorageOptions.Section}:{s.Key}", (string?)s.Value)));
        builder.Services.AddSessionLog().AddMemoryStore().AddSqliteStore();
        services(builder.Services);
        return builder.Build();
    }
}
