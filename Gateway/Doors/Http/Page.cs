using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Gateway.Doors.Http;

/// <summary>The page at <c>/</c> and its files: each is an endpoint, so that a host's policy holds for it.</summary>
internal static class Page
{
    private const string Start = "/index.html";

    // Not whatever lies in the web root: a host that embeds the gateway may keep files of its own there.
    private static readonly string[] Files = [Start, "/app.css", "/api.js", "/app.js", "/feed.js", "/node-card.js", "/prompt-form.js", "/session-view.js"];

    /// <summary>Maps the files; a host's own endpoint at the same address goes before them.</summary>
    /// <param name="endpoints">Where they are mapped.</param>
    /// <param name="isOwnProgram">
    /// Whether the web root is the gateway's, and those of the files are mapped that are there. Another program's web root is its own: the files then
    /// come from this assembly.
    /// </param>
    public static IEndpointConventionBuilder MapPage(this IEndpointRouteBuilder endpoints, bool isOwnProgram)
    {
        IFileProvider root = isOwnProgram
            ? endpoints.ServiceProvider.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider
            : new EmbeddedFileProvider(typeof(Page).Assembly, "Gateway.wwwroot");
        var options = new StaticFileOptions { FileProvider = root, OnPrepareResponse = Prepare };
        var mapped = new EndpointConventions();
        foreach (var file in Files.Where(file => root.GetFileInfo(file).Exists))
        {
            mapped.Include(endpoints.MapFile(file, file, options));
            if (file == Start) mapped.Include(endpoints.MapFile("/", file, options));
        }

        mapped.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = 1);
        return mapped;
    }

    private static void Prepare(StaticFileResponseContext file)
    {
        PagePolicy.Set(file.Context);

        // A new version of the gateway is a new page at once; the ETag keeps that cheap.
        file.Context.Response.Headers.CacheControl = "no-cache";
    }

    private static IEndpointConventionBuilder MapFile(this IEndpointRouteBuilder endpoints, string path, string file, StaticFileOptions options)
    {
        var serve = endpoints.CreateApplicationBuilder()
            .Use((context, next) =>
            {
                // The page names its files from where it stands, which is below the slash.
                if (path == "/" && !context.Request.Path.Value!.EndsWith('/'))
                {
                    context.Response.Redirect($"{context.Request.PathBase}{context.Request.Path}/{context.Request.QueryString}");
                    return Task.CompletedTask;
                }

                // The file middleware takes only what no endpoint has taken, and looks for the file at the request's path.
                context.SetEndpoint(null);
                context.Request.Path = file;
                return next(context);
            })
            .UseStaticFiles(options)
            .Build();
        return endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], serve).ExcludeFromDescription();
    }
}
