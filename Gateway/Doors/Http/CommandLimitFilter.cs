using Gateway.Admission;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Doors.Http;

/// <summary>Counts the commands of an HTTP connection as those of every other connection are counted.</summary>
internal sealed class CommandLimitFilter(ClientLimits limits) : IEndpointFilter
{
    private static readonly object Key = new();

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!Reads(http.Request.Method) && http.Features.Get<IConnectionItemsFeature>()?.Items is { } items) Count(items);
        return next(context);
    }

    private static bool Reads(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // Over HTTP/2 several requests of one connection are here at once.
    private void Count(IDictionary<object, object?> items)
    {
        lock (items)
        {
            if (!items.TryGetValue(Key, out var known)) items.Add(Key, known = new Sender());
            limits.RequireCommand(ref ((Sender)known!).Allowance);
        }
    }

    private sealed class Sender
    {
        public CommandAllowance Allowance;
    }
}
