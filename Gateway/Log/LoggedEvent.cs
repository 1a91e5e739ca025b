using Gateway.Contracts;

namespace Gateway.Log;

/// <summary>An event read from a log, as an object or as its JSON frame, whichever the reader needs.</summary>
/// <remarks>The other form is made when it is asked for first. Stores keep the form they have.</remarks>
public sealed class LoggedEvent
{
    private SessionEvent? _event;
    private byte[]? _json;

    /// <summary>An event as an object.</summary>
    public LoggedEvent(SessionEvent sessionEvent)
    {
        _event = sessionEvent;
        Seq = sessionEvent.Seq;
    }

    /// <summary>An event as its JSON frame.</summary>
    public LoggedEvent(long seq, byte[] json)
    {
        _json = json;
        Seq = seq;
    }

    /// <summary>Its seq; the last of the run when several events were merged into it.</summary>
    public long Seq { get; }

    /// <summary>The frame as JSON, UTF-8.</summary>
    public byte[] Json => _json ??= LongTexts.Encode(_event!);

    /// <summary>The event as an object.</summary>
    /// <exception cref="DamagedLogException">The stored frame cannot be read.</exception>
    public SessionEvent Event => _event ??= Decode();

    /// <summary>Whether it is an event of this name, as far as that can be told without reading the whole of it.</summary>
    internal bool IsOf(string eventName)
    {
        if (_event is { } known) return known.Event == eventName;
        var json = _json.AsSpan();
        if (!json.StartsWith(Begin)) return false;
        json = json[Begin.Length..];
        return json.Length > eventName.Length && json[eventName.Length] == (byte)'"' && System.Text.Ascii.Equals(json[..eventName.Length], eventName);
    }

    // How every event in a log begins.
    private static ReadOnlySpan<byte> Begin => "{\"event\":\""u8;

    private SessionEvent Decode()
    {
        try
        {
            return EventSerializer.Deserialize(_json) ?? throw new DamagedLogException($"Event {Seq} is of a type this version does not know.");
        }
        catch (System.Text.Json.JsonException exception)
        {
            throw new DamagedLogException($"Event {Seq} cannot be read: {exception.Message}", exception);
        }
    }
}
