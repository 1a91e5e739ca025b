using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>An amount reads the same whatever it was computed from and whichever wire it came over.</summary>
public sealed class AmountTests
{
    [Theory]
    [InlineData("0.000990", "0.00099")]
    [InlineData("0.00", "0")]
    [InlineData("1000.0", "1000")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public void Amount_is_written_without_trailing_zeros(string computed, string written)
    {
        var amount = decimal.Parse(computed, System.Globalization.CultureInfo.InvariantCulture);
        var totals = new Totals { InputTokens = 1, OutputTokens = 1, EstimatedCostUsd = amount };
        var usage = new TokenUsage { SessionId = "s", NodeId = "n", AgentId = "a", InputTokens = 1, OutputTokens = 1, EstimatedCostUsd = amount };

        Assert.Contains($"\"estimated_cost_usd\":{written}", JsonSerializer.Serialize(totals, ContractsJson.Wire.Options), StringComparison.Ordinal);
        Assert.Contains($"\"estimated_cost_usd\":{written}", JsonSerializer.Serialize(usage, ContractsJson.Wire.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void Amount_that_was_stored_with_zeros_is_read_without_them()
    {
        var totals = JsonSerializer.Deserialize<Totals>("""{"input_tokens":1,"output_tokens":1,"estimated_cost_usd":0.0100}""", ContractsJson.Wire.Options);

        Assert.Equal("0.01", totals!.EstimatedCostUsd.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
