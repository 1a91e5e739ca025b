using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Infrastructure;
using Gateway.Webhooks;
using Xunit;

namespace Gateway.Tests.Webhooks;

/// <summary>Nothing is connected to that is not of the internet, however it is written and whatever a name leads to.</summary>
public sealed class AddressGuardTests
{
    private static readonly AddressGuard Strict = new([]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("192.0.0.8")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.5")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:a00:1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::808:808")]
    public void Addresses_that_are_not_of_the_internet_are_refused(string address) => Assert.False(Strict.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Addresses_of_the_internet_are_allowed(string address) => Assert.True(Strict.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://a.localhost/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public void However_an_address_is_written_it_is_known(string url) => Assert.NotNull(Strict.FindRefused(new Uri(url).DnsSafeHost));

    [Fact]
    public void What_the_settings_allow_is_allowed_and_nothing_beside_it()
    {
        var guard = new AddressGuard(Networks.Parse("10.1.0.0/16, fd00::/8", out var wrong));

        Assert.Empty(wrong);
        Assert.True(guard.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.True(guard.Allows(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.True(guard.Allows(IPAddress.Parse("fd00::1")));
        Assert.False(guard.Allows(IPAddress.Parse("10.2.0.1")));
        Assert.False(guard.Allows(IPAddress.Parse("169.254.169.254")));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    public async Task A_name_that_leads_to_such_an_address_is_not_connected_to(string address)
    {
        var connect = new GuardedConnect(Strict, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => connect.ConnectAsync(new DnsEndPoint("harmless.example", 80), Token).AsTask());

        Assert.Contains("harmless.example", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_that_was_looked_at_is_the_one_that_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = 0;

        // Allowed the first time, and elsewhere ever after; and one of the answers is never allowed.
        IPAddress[][] answers = [[IPAddress.Parse("10.9.9.9"), IPAddress.Loopback], [IPAddress.Parse("10.9.9.9")]];
        var connect = new GuardedConnect(new AddressGuard(Networks.Parse("127.0.0.0/8", out _)), (_, _) => Task.FromResult(answers[Math.Min(asked++, 1)]));

        await using (var stream = await connect.ConnectAsync(new DnsEndPoint("rebound.example", port), Token))
        {
            using var accepted = await Wait.For(listener.AcceptSocketAsync(Token).AsTask(), "the connection");
            Assert.Equal(1, asked);
        }

        await Assert.ThrowsAsync<AddressRefusedException>(() => connect.ConnectAsync(new DnsEndPoint("rebound.example", port), Token).AsTask());
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Of_several_addresses_the_next_is_tried_when_one_does_not_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        // Nobody listens there on this port.
        var connect = new GuardedConnect(new AddressGuard(Networks.Parse("127.0.0.0/8", out _)), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.77"), IPAddress.Loopback]));

        await using var stream = await connect.ConnectAsync(new DnsEndPoint("two.example", ((IPEndPoint)listener.LocalEndpoint).Port), Token);

        using var accepted = await Wait.For(listener.AcceptSocketAsync(Token).AsTask(), "the connection");
    }
}
