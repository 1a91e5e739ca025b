using Microsoft.Net.Http.Headers;

namespace Gateway.Doors.Http;

/// <summary>The forms in which events are streamed; each is registered as an <see cref="EventStream"/>.</summary>
internal sealed class EventStreams(IEnumerable<EventStream> streams)
{
    private readonly EventStream[] _all = [.. streams];

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
