namespace Gateway.Benchmarks.Serve;

/// <summary>Serves the stream of the session's events at <c>/sse</c> as well, for a load generator that sets no <c>Accept</c> header.</summary>
internal sealed class EventStreamAddress : IStartupFilter
{
    private const string Path = "/sse";

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            var request = context.Request;
            if (request.Path == Path)
            {
                request.Path = $"/api/v1/sessions/{BenchSession.Id}/events";
                request.Headers.Accept = "text/event-stream";
            }

            return following(context);
        });
        next(app);
    };
}
