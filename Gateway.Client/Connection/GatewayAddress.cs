using System.Net;
using Gateway.Contracts;

namespace Gateway.Client.Connection;

/// <summary>Where the hub is, by what the user wrote; and what may be wrong with that when nobody answers there.</summary>
internal static class GatewayAddress
{

    /// <summary>Reads an address as text.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static Uri Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && HasHost(uri) ? uri : throw Wrong(address);
    }

    /// <summary>Whether a text is the address of a web server.</summary>
    public static bool IsAddress(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && HasHost(uri);

    /// <summary>Where the wire is spoken: the given address, with <c>/hub</c> or <c>/ws</c> when it has no path.</summary>
    /// <exception cref="ArgumentException">It is not the address of a web server.</exception>
    public static Uri ToWire(Uri address, GatewayWire wire)
    {
        if (!address.IsAbsoluteUri || !HasHost(address)) throw Wrong(address.OriginalString);
        return address.AbsolutePath == "/" ? new Uri(address, PathOf(wire) + address.Query) : address;
    }

    /// <summary>Why the connection failed, for people.</summary>
    public static string Describe(Uri address, GatewayWire wire, Exception failure)
    {
        var sentence = $"Cannot reach the gateway at {address}: {failure.Message}";
        return failure is HttpRequestException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed } && !address.AbsolutePath.EndsWith(PathOf(wire), StringComparison.Ordinal)
            ? $"{sentence} There is no {(wire == GatewayWire.WebSocket ? "WebSocket" : "hub")}; an address with a path is taken as it is. Did you mean {new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + PathOf(wire) }.Uri}?"
            : sentence;
    }

    private static string PathOf(GatewayWire wire) => wire == GatewayWire.WebSocket ? GatewayPath.WebSocket : GatewayPath.Hub;

    // 'localhost:8080' is a valid URI, too: one whose scheme is 'localhost'.
    private static bool HasHost(Uri address) => address.Scheme is "http" or "https" or "ws" or "wss" && address.Host.Length > 0;

    private static ArgumentException Wrong(string address) =>
        new($"'{address}' is not the address of a gateway: write it like http://localhost:8080 or https://gateway.example/hub.", nameof(address));
}
