using System.Runtime.InteropServices;
using Gateway.Delivery;
using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Delivery;

/// <summary>A page that many slow readers are at is there once, and only as long as one of them is.</summary>
public sealed class SharedPagesTests
{
    private static readonly PageKey Key = new(null!, null!, 7, false);

    private readonly SharedPages _pages = new();
    private int _reads;

    [Fact]
    public async Task Readers_at_one_place_share_a_page_and_the_reading_of_it()
    {
        var gate = new TaskCompletionSource();
        var first = _pages.LoadAsync(Key, key => ReadAsync(key, gate.Task));
        var second = _pages.Find(Key);
        Assert.NotNull(second);
        gate.SetResult();

        var page = await first;
        var third = await _pages.Find(Key)!;

        Assert.Equal(1, _reads);
        Assert.All([await second, third], other => Assert.Same(ArrayOf(page), ArrayOf(other)));
        Assert.Equal((8, 2_000_000), (third.Next, third.Frames.Length));
        Assert.Null(_pages.Find(Key with { Next = 8 }));
    }

    [Fact]
    public async Task A_page_that_nobody_holds_is_not_kept()
    {
        await Task.Run(LoadAndForgetAsync, TestContext.Current.CancellationToken);

        // A thread may still have it on its stack for a moment.
        await Wait.For(
            Task.Run(async () =>
            {
                while (_pages.Find(Key) is not null)
                {
                    await Task.Delay(10);
                    GC.Collect();
                }
            }),
            "the page to go");
    }

    [Fact]
    public async Task What_could_not_be_read_is_asked_for_again()
    {
        Assert.True((await _pages.LoadAsync(Key, key => Task.FromResult(new LogPage(default, key.Next, Failed: true)))).Failed);
        Assert.Null(_pages.Find(Key));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _pages.LoadAsync(Key, _ => throw new InvalidOperationException()));
        Assert.Null(_pages.Find(Key));
    }

    private async Task LoadAndForgetAsync() => await _pages.LoadAsync(Key, key => ReadAsync(key, Task.Delay(1)));

    private async Task<LogPage> ReadAsync(PageKey key, Task gate)
    {
        _reads++;
        await gate;
        return new LogPage(new byte[2_000_000], key.Next + 1);
    }

    private static byte[] ArrayOf(LogPage page) => MemoryMarshal.TryGetArray(page.Frames, out var array) ? array.Array! : [];
}
