using System.Text;

namespace Gateway.Transport;

/// <summary>A row of the direct door's table: an endpoint with its path and parameters as the bytes of a request line.</summary>
internal sealed class DirectRoute(IDirectEndpoint endpoint)
{
    private readonly byte[] _path = Encoding.ASCII.GetBytes(endpoint.Path);
    private readonly byte[] _start = Encoding.ASCII.GetBytes($"GET {endpoint.Path}");
    private readonly byte[][] _parameters = [.. endpoint.Parameters.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Who serves it.</summary>
    public IDirectEndpoint Endpoint => endpoint;

    /// <summary>Whether the first bytes of a connection, as far as they have come, can be a request for it.</summary>
    public bool CanBegin(ReadOnlySpan<byte> bytes) =>
        bytes.Length < _start.Length ? _start.AsSpan().StartsWith(bytes) : bytes.StartsWith(_start);

    /// <summary>Whether it is what a request line asks for.</summary>
    public bool Matches(ReadOnlySpan<byte> path) => path.SequenceEqual(_path);

    /// <summary>Whether it knows every parameter of a query, which begins with its question mark or is empty.</summary>
    public bool Knows(ReadOnlySpan<byte> query)
    {
        if (query.IsEmpty) return true;
        query = query[1..];
        foreach (var part in query.Split((byte)'&'))
        {
            // A name in another spelling, such as %61, is not known either.
            var parameter = query[part];
            var end = parameter.IndexOf((byte)'=');
            if (!KnowsName(end < 0 ? parameter : parameter[..end])) return false;
        }

        return true;
    }

    private bool KnowsName(ReadOnlySpan<byte> name)
    {
        foreach (var known in _parameters)
        {
            if (name.SequenceEqual(known)) return true;
        }

        return false;
    }
}
