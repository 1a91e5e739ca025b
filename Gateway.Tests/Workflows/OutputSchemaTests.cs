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
}
