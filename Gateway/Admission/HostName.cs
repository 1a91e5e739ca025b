using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Admission;

/// <summary>What a <c>Host</c> header names, in the one spelling that names are compared in.</summary>
/// <param name="Name">The name in lower case and ASCII (<c>xn--mnchen-3ya.example</c>), or the address; an IPv6 address in brackets.</param>
/// <param name="Port">The port; null when there is none.</param>
internal readonly record struct HostName(string Name, int? Port)
{
    private const string Local = "localhost";
    private static readonly IdnMapping Idn = new();
    private static Parsed? _last;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>Whether it is an address and no name, so that nobody else's name server can have led here.</summary>
    public bool IsAddress { get; private init; }

    /// <summary>Whether it is this machine for everybody who is on it.</summary>
    public bool IsLoopback => Name == Local || (IsAddress && IPAddress.IsLoopback(IPAddress.Parse(Name)));

    /// <summary>Whether it is <c>localhost</c>, which browsers look up nowhere.</summary>
    public bool IsLocalhost => Name == Local;

    /// <summary>Reads a host with or without a port; false when it is none.</summary>
    public static bool TryParse(string? text, out HostName host)
    {
        host = default;
        if (string.IsNullOrEmpty(text)) return false;

        // Nearly every request names the same host, and each is asked about it more than once.
        if (Volatile.Read(ref _last) is { } last && last.Text == text)
        {
            host = last.Host;
            return true;
        }

        if (!TryRead(text, out host)) return false;
        Volatile.Write(ref _last, new Parsed(text, host));
        return true;
    }

    private static bool TryRead(string text, out HostName host)
    {
        host = default;
        var isBracketed = text[0] == '[';
        var end = isBracketed ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (end < 0) end = text.Length;
        if (end == 0 || !TryParsePort(text.AsSpan(end), out var port)) return false;
        var name = text[..end];
        if (isBracketed)
        {
            if (!IPAddress.TryParse(name, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return false;
            host = new HostName($"[{address}]", port) { IsAddress = true };
            return true;
        }

        if (ToAscii(name) is not { } ascii) return false;

        // Only the spelling that an address is written back in: an octal or a shortened one is a name to somebody.
        var isAddress = IPAddress.TryParse(ascii, out var ip) && ip.ToString() == ascii;
        host = new HostName(ascii, port) { IsAddress = isAddress };
        return true;
    }

    private sealed record Parsed(string Text, HostName Host);

    private static bool TryParsePort(ReadOnlySpan<char> text, out int? port)
    {
        port = null;
        if (text.Length == 0) return true;
        if (text[0] != ':') return false;
        if (text.Length == 1) return true;
        if (!ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        port = number;
        return true;
    }

    private static string? ToAscii(string name)
    {
        // A name may end with the dot of the root.
        if (name is [.. var rest, '.']) name = rest;
        if (name.Length == 0) return null;
        if (Ascii.IsValid(name)) return name.AsSpan().ContainsAnyExcept(NameCharacters) ? null : name.ToLowerInvariant();
        try
        {
            return Idn.GetAscii(name).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
