namespace Gateway.Doors.Http;

/// <summary>The page at <c>/</c> and its files: each is an endpoint, so that a host's policy holds for it.</summary>
internal static class Page
{
    private const string Start = "/index.html";

    // Not whatever lies in the web root: a host that embeds the gateway may keep files of its own there.
    private static readonly string[] Files = [Start, "/app.css", "/api.js", "/app.js", "/feed.js", "/node-card.js", "/prompt-form.js", "/session-view.js"];

    private static readonly StaticFileOptions Options = new()
    {
        OnPrepareResponse = file =>
        {
            PagePolicy.Set(file.Context);

            // A new version of the gateway is a new page at once; the ETag keeps that cheap.
            file.Context.Response.Headers.CacheControl = "no-cache";
        },
    };

    /// <summary>Maps the files that are in the web root; a host's own endpoint at the same address goes before them.</summary>
    public static IEndpointConventionBuilder MapPage(this IEndpointRouteBuilder endpoints)
    {
        var root = endpoints.ServiceProvider.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider;
        var mapped = new EndpointConventions();
        foreach (var file in Files.Where(file => root.GetFileInfo(file).Exists))
        {
            mapped.Include(endpoints.MapFile(file, file));
            if (file == Start) mapped.Include(endpoints.MapFile("/", file));
        }

        mapped.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = 1);
        return mapped;
    }

    private static IEndpointConventionBuilder MapFile(this IEndpointRouteBuilder endpoints, string path, string file)
    {
        var serve = endpoints.CreateApplicationBuilder()
            .Use((context, next) =>
            {
                // The file middleware takes only what no endpoint has taken, and looks for the file at the request's path.
                context.SetEndpoint(null);
                context.Request.Path = file;
                return next(context);
            })
            .UseStaticFiles(Options)
            .Build();
        return endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], serve).ExcludeFromDescription();
    }
}
