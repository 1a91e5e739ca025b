using System.Text.Json;

namespace Gateway.Log;

/// <summary>A session's header as it is stored.</summary>
internal static class HeaderJson
{
    public static byte[] Encode(SessionHeader header) => LongTexts.Encode(header);

    /// <exception cref="DamagedLogException">It cannot be read.</exception>
    public static SessionHeader Decode(string sessionId, byte[]? json)
    {
        try
        {
            return JsonSerializer.Deserialize(json ?? [], LogJson.Default.SessionHeader) ?? throw new DamagedLogException($"The header of session '{sessionId}' is empty.");
        }
        catch (JsonException exception)
        {
            throw new DamagedLogException($"The header of session '{sessionId}' cannot be read: {exception.Message}", exception);
        }
    }
}
