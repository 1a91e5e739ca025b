using System.Text.Json;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>Compares messages by content: records compare their lists by reference.</summary>
internal static class WireEqual
{
    public static void Check(WireMessage expected, object actual)
    {
        Assert.IsType(expected.Value.GetType(), actual);
        if (expected.Value is StartSession start)
        {
            Check(start.Input, ((StartSession)actual).Input);
            Assert.Equivalent(start with { Input = null }, (StartSession)actual with { Input = null }, strict: true);
            return;
        }

        Assert.Equivalent(expected.Value, actual, strict: true);
    }

    private static void Check(JsonElement? expected, JsonElement? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } value) Assert.True(JsonElement.DeepEquals(value, actual!.Value), $"expected {value}, got {actual}");
    }
}
