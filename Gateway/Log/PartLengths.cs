namespace Gateway.Log;

/// <summary>The lengths of a merged event's chunks as bytes: seven bits a byte, low ones first.</summary>
internal static class PartLengths
{
    public static byte[] Encode(int[] lengths)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var length in lengths) writer.Write7BitEncodedInt(length);
        return bytes.ToArray();
    }

    /// <exception cref="DamagedLogException"><see cref="Encode"/> did not write these bytes.</exception>
    public static int[] Decode(byte[] bytes)
    {
        var lengths = new List<int>();
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            while (reader.BaseStream.Position < bytes.Length) lengths.Add(reader.Read7BitEncodedInt());
        }
        catch (Exception exception) when (exception is FormatException or EndOfStreamException)
        {
            throw new DamagedLogException("The lengths of a merged event's chunks cannot be read.", exception);
        }

        return [.. lengths];
    }
}
