namespace Gateway.Doors.Http;

/// <summary>Whoever may GET an address may ask for its head alone.</summary>
internal static class HeadRequests
{
    private static readonly HttpMethodMetadata s_both = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Lets endpoints that answer GET answer HEAD as well; the server leaves the body out.</summary>
    public static TBuilder AnswersHead<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(Add);
        return endpoints;
    }

    private static void Add(EndpointBuilder endpoint)
    {
        for (var i = 0; i < endpoint.Metadata.Count; i++)
        {
            if (endpoint.Metadata[i] is IHttpMethodMetadata { HttpMethods: ["GET"] }) endpoint.Metadata[i] = s_both;
        }
    }
}
