using Gateway.Admission;
using Scalar.AspNetCore;

namespace Gateway.Doors.Http;

/// <summary>What browsers are told about the gateway's pages: what they may load and talk to, and that nobody may frame them.</summary>
internal static class PagePolicy
{
    /// <summary>For answers that are no page, and for those who look at one as if it were.</summary>
    public const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers of the page at <c>/</c>, which uses only what this host serves.</summary>
    public static void Set(HttpContext context)
    {
        // Some browsers do not count a WebSocket to the page's own host in with 'self'.
        var host = context.Request.Headers.Host.ToString();
        var sockets = HostName.TryParse(host, out _) ? $" ws://{host} wss://{host}" : string.Empty;
        Set(context.Response.Headers, $"default-src 'self'; connect-src 'self'{sockets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    }

    /// <summary>Sets the headers of what is only read: it runs no script, and loads nothing but a style of this host.</summary>
    public static void SetForReading(IHeaderDictionary headers) =>
        Set(headers, "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /// <summary>Sets the headers of the page to try the API, whose own script needs a little more.</summary>
    public static ValueTask<object?> HoldForScalarAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.OnStarting(() =>
        {
            // The page's library makes the nonce for the scripts it writes into the page.
            var nonce = context.Items[ScalarOptions.NonceHttpContextItemKey] is string value ? $" 'nonce-{value}'" : string.Empty;
            Set(context.Response.Headers, $"default-src 'self'; script-src 'self'{nonce}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'");
            return Task.CompletedTask;
        });
        return next(invocation);
    }

    private static void Set(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
    }
}
