using System.Text.Json;
using Gateway.Workflows;
using Xunit;

namespace Gateway.Tests.Workflows;

/// <summary>What a schema from anybody may cost.</summary>
public sealed class OutputSchemaTests
{
    [Fact]
    public void A_value_and_a_schema_whose_product_is_too_large_are_not_held_against_each_other()
    {
        var schema = OutputSchema.Read(JsonElement.Parse($"{{\"allOf\":[{string.Join(',', Enumerable.Repeat("{\"items\":{}}", 4_000))}]}}")).Schema!;

        Assert.Equal("the whole: too large to be checked against this schema", schema.Refuse(JsonElement.Parse($"[{string.Join(',', Enumerable.Repeat("0", 100_000))}]")));
        Assert.Null(schema.Refuse(JsonElement.Parse("[0,0]")));
    }

    [Theory]
    [InlineData("1e999999999")]
    [InlineData("1e-999999999")]
    [InlineData("-1E+999")]
    [InlineData("1e29")]
    [InlineData("1e99999999999999999999")]
    [InlineData("12345678901234567890123456789012345")]
    [InlineData("0.00000000000000000000000000000000001")]
    public void A_number_that_cannot_be_calculated_with_is_a_reason_and_no_way_to_end_the_process(string number)
    {
        foreach (var rule in new[] { "\"multipleOf\":3", "\"const\":3", "\"enum\":[1,2]", "\"minimum\":0", "\"type\":\"integer\"" })
        {
            var schema = OutputSchema.Read(JsonElement.Parse($"{{\"properties\":{{\"a\":{{\"items\":{{{rule}}}}}}}}}")).Schema!;

            Assert.Equal("/a/1: a number has at most 28 digits, and an exponent of at most 28", schema.Refuse(JsonElement.Parse($"{{\"a\":[3,{number}]}}")));
        }

        Assert.Equal("A number of a schema has at most 28 digits, and an exponent of at most 28: /properties/a/multipleOf.", OutputSchema.Read(JsonElement.Parse($"{{\"properties\":{{\"a\":{{\"multipleOf\":{number}}}}}}}")).Problem);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("-0.3e1")]
    [InlineData("3E+3")]
    [InlineData("3e-28")]
    [InlineData("3000000000000000000000000000")]
    public void Other_numbers_are_held_against_the_schema(string number)
    {
        var schema = OutputSchema.Read(JsonElement.Parse("{\"multipleOf\":3e-28}")).Schema!;

        Assert.Null(schema.Refuse(JsonElement.Parse(number)));
        Assert.NotNull(OutputSchema.Read(JsonElement.Parse("{\"const\":7}")).Schema!.Refuse(JsonElement.Parse(number)));
    }
}
