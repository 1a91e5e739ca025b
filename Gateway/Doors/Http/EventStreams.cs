using Microsoft.Net.Http.Headers;

namespace Gateway.Doors.Http;

/// <summary>The forms in which events are streamed; each is registered as an <see cref="EventStream"/>.</summary>
internal sealed class EventStreams
{
    private readonly EventStream[] _all;

    /// <summary>These forms, in this order.</summary>
    /// <exception cref="InvalidOperationException">Two have the same media type.</exception>
    public EventStreams(IEnumerable<EventStream> streams)
    {
        _all = [.. streams];
        foreach (var same in _all.GroupBy(stream => stream.MediaType, StringComparer.OrdinalIgnoreCase))
        {
            if (same.Count() > 1) throw new InvalidOperationException($"Two event streams have the media type '{same.Key}': {string.Join(" and ", same.Select(stream => stream.GetType().Name))}. Register one of them, once.");
        }
    }

    /// <summary>All of them, in the order of registration.</summary>
    public IReadOnlyList<EventStream> All => _all;

    /// <summary>The form that a client asks for, the one it likes best when it names several; null when it asks for none.</summary>
    public EventStream? Wanted(HttpRequest request) => request.GetTypedHeaders().Accept
        .Where(accept => accept.Quality != 0)
        .OrderByDescending(accept => accept.Quality ?? 1)
        .Select(Named)
        .FirstOrDefault(stream => stream is not null);

    // Not what a wildcard covers: a client that takes anything gets a page.
    private EventStream? Named(MediaTypeHeaderValue accept) =>
        Array.Find(_all, stream => accept.MediaType.Equals(stream.MediaType, StringComparison.OrdinalIgnoreCase));
}
