using System.Buffers;
using System.Text;
using Gateway.Admission;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using HttpMethod = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpMethod;

namespace Gateway.Transport;

/// <summary>The head of an HTTP/1.1 request, as far as it matters to whether the request is a plain upgrade.</summary>
/// <remarks>
/// Kestrel's own parser reads it. A request in which anything is unusual or unknown is left to the ordinary pipeline, which
/// answers it.
/// </remarks>
internal sealed class UpgradeHead(DirectRoute[] routes) : IHttpRequestLineHandler, IHttpHeadersHandler
{
    private static readonly HttpParser<UpgradeHead> Parser = new(showErrorDetails: false);

    // Kestrel's own limit: it refuses a request with more.
    private const int MaxHeaders = 100;

    private static readonly SearchValues<byte> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]"u8);

    private int _headers;
    private bool _ordinary;
    private bool _upgrade;
    private bool _websocket;
    private bool _version;

    /// <summary>The query, with its question mark; empty when there is none.</summary>
    public string Query { get; private set; } = string.Empty;

    /// <summary>What the request is for; null when it is for none of the routes.</summary>
    public DirectRoute? Route { get; private set; }

    /// <summary>The host the client asked for.</summary>
    public string? Host { get; private set; }

    /// <summary>The web page the client comes from, when it is a browser.</summary>
    public string? Origin { get; private set; }

    /// <summary>The client's handshake key.</summary>
    public string? Key { get; private set; }

    /// <summary>Whether it is a plain request for a WebSocket at one of the routes.</summary>
    public bool IsUpgrade => !_ordinary && _upgrade && _websocket && _version && Host is not null && WebSocketHandshake.IsKey(Key);

    /// <summary>Reads a head; false when it is not complete yet.</summary>
    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">It is not HTTP.</exception>
    public bool TryParse(in ReadOnlySequence<byte> buffer, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(buffer);
        var complete = Parser.ParseRequestLine(this, ref reader) && (_ordinary || Parser.ParseHeaders(this, ref reader));
        end = reader.Position;
        return complete;
    }

    /// <inheritdoc/>
    public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
    {
        var path = startLine.Slice(targetPath.Offset, targetPath.Length);
        Route = Find(path);

        // The parser gives the line up to the end of the target.
        var query = startLine[(targetPath.Offset + targetPath.Length)..];
        _ordinary = versionAndMethod.Method != HttpMethod.Get
            || versionAndMethod.Version != HttpVersion.Http11
            || targetPath.IsEncoded
            || Route is null
            || !Route.Knows(query);
        if (!_ordinary && query.Length > 0) Query = Encoding.ASCII.GetString(query);
    }

    /// <inheritdoc/>
    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // Kestrel judges control characters.
        if (++_headers > MaxHeaders || value.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0 || value.Contains((byte)0x7F)) _ordinary = true;
        switch (name.Length)
        {
            case 4 when Is(name, "host"u8):
                Host = Once(Host, value);
                // Whatever is no host, a port that is none included, is for HTTP to refuse; so is what its host filter spells another way.
                _ordinary |= value.ContainsAnyExcept(HostCharacters) || value.EndsWith(":"u8) || value.EndsWith("."u8) || value.IndexOf(".:"u8) >= 0 || !HostName.TryParse(Host, out _);
                break;
            case 6 when Is(name, "origin"u8): Origin = Once(Origin, value); break;
            case 7 when Is(name, "upgrade"u8): _websocket |= Is(value, "websocket"u8); break;
            case 10 when Is(name, "connection"u8): _upgrade |= Is(value, "upgrade"u8) || Is(value, "keep-alive, upgrade"u8); break;
            case 17 when Is(name, "sec-websocket-key"u8): Key = Once(Key, value); break;
            case 21 when Is(name, "sec-websocket-version"u8): _version = value.SequenceEqual("13"u8); break;
            default:
                _ordinary |= !KnownHeaders.Contains(name);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnHeadersComplete(bool endStream)
    {
        // Nothing is left to do: the caller asks IsUpgrade.
    }

    /// <inheritdoc/>
    public void OnStaticIndexedHeader(int index) => _ordinary = true;

    /// <inheritdoc/>
    public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) => _ordinary = true;

    private DirectRoute? Find(ReadOnlySpan<byte> path)
    {
        foreach (var route in routes)
        {
            if (route.Matches(path)) return route;
        }

        return null;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowercase) => Ascii.EqualsIgnoreCase(text, lowercase);

    private string Once(string? earlier, ReadOnlySpan<byte> value)
    {
        // The ordinary pipeline judges a header that comes twice.
        if (earlier is not null || !Ascii.IsValid(value)) _ordinary = true;
        return Encoding.ASCII.GetString(value);
    }
}
