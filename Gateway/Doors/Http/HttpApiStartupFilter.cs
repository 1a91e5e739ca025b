namespace Gateway.Doors.Http;

/// <summary>Puts the page's files and the problem bodies around the routes, which alone cannot answer for what they do not match.</summary>
internal sealed class HttpApiStartupFilter : IStartupFilter
{
    // The page uses only what this host serves; ws: and wss: stand beside 'self' for browsers that do not count them in.
    private const string PagePolicy = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<BareStatusMiddleware>();
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file =>
            {
                file.Context.Response.Headers.ContentSecurityPolicy = PagePolicy;
                file.Context.Response.Headers.XContentTypeOptions = "nosniff";
                // A new version of the gateway is a new page at once; the ETag keeps that cheap.
                file.Context.Response.Headers.CacheControl = "no-cache";
            },
        });
        next(app);
    };
}
