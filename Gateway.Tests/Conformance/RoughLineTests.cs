using System.Globalization;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>A line that delays, drops and half-closes, anywhere in any frame and handshake: every client gets everything.</summary>
/// <remarks>The seed is printed, and <c>GATEWAY_LINE_SEED</c> repeats a run.</remarks>
[Collection(KitCollection.Name)]
public sealed class RoughLineTests(KitProcess kit)
{
    [Fact]
    public async Task All_clients_get_everything()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_LINE_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"GATEWAY_LINE_SEED={seed}");
        await using var line = new RoughLine(kit.Address, seed);
        try
        {
            await AllClients.AssertKeptAsync(kit, "none", line: line.Address);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"GATEWAY_LINE_SEED={seed}, {line.Count} connections: {exception.Message}", exception);
        }

        Assert.InRange(line.Count, 15, int.MaxValue);
    }
}
