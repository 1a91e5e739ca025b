using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Gateway.Doors.Http;

/// <summary>A file about the protocol that lies in the assembly, so that a host that embeds the gateway has it, too.</summary>
internal sealed class ProtocolDocument
{
    private readonly byte[] _content;
    private readonly string _type;
    private readonly EntityTagHeaderValue _tag;

    /// <summary>Reads one.</summary>
    /// <param name="name">Its name in the folder <c>protocol</c>.</param>
    /// <param name="type">Its media type.</param>
    public ProtocolDocument(string name, string type)
    {
        using var resource = typeof(ProtocolDocument).Assembly.GetManifestResourceStream($"protocol/{name}") ?? throw new InvalidOperationException($"The assembly has no protocol/{name}.");
        _content = new byte[resource.Length];
        resource.ReadExactly(_content);
        _type = type;
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_content)[..12])}\"");
    }

    /// <summary>Answers with it; with 304 to who has it.</summary>
    public IResult Answer(HttpContext context)
    {
        PagePolicy.SetForReading(context.Response.Headers);

        // A new version of the gateway has a new document at once; the ETag keeps that cheap.
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_content, _type, entityTag: _tag);
    }
}
