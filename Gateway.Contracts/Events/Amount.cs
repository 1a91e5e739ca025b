namespace Gateway.Contracts;

/// <summary>The one form of an amount of money, so that it reads the same on every wire and after every sum.</summary>
internal static class Amount
{
    /// <summary>The same amount without trailing zeros: 0.000990 is 0.00099.</summary>
    /// <remarks>A decimal keeps the zeros of what it was computed from and JSON writes them; MessagePack's double has none.</remarks>
    public static decimal Normalize(decimal amount) => amount / 1.000000000000000000000000000m;
}
