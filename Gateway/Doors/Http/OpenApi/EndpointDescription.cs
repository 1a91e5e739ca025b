using Gateway.Doors.Http.Answers;
using Gateway.Doors.Http.Parameters;
using Gateway.Refusals;

namespace Gateway.Doors.Http.OpenApi;

/// <summary>What endpoints say of themselves for the OpenAPI document.</summary>
internal static class EndpointDescription
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params string[] codes)
    {
        endpoint.WithMetadata(new RefusalMetadata(codes));
        foreach (var status in codes.Select(ProblemStatus.Of).Distinct()) endpoint.Produces<Problem>(status, Problems.ContentType);
        return endpoint;
    }

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string words) =>
        endpoint.Produces<T>(status, "application/json").WithMetadata(new AnswerMetadata(status, words));

    /// <summary>Adds bodies that are streams of text, each with an example of it, to what a request that succeeds is answered with.</summary>
    public static RouteHandlerBuilder AnswersStreams(this RouteHandlerBuilder endpoint, IEnumerable<(string MediaType, string Example)> streams) =>
        endpoint.WithMetadata([.. streams.Select(stream => new StreamMetadata(stream.MediaType, stream.Example))]);

    /// <summary>Says that a request that succeeds is answered with text, and shows an example of it.</summary>
    public static RouteHandlerBuilder AnswersText(this RouteHandlerBuilder endpoint, string mediaType, string words, string example) =>
        endpoint.Produces<string>(StatusCodes.Status200OK, mediaType).WithMetadata(new AnswerMetadata(StatusCodes.Status200OK, words), new StreamMetadata(mediaType, example));

    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder endpoint, string words) =>
        endpoint.Produces(StatusCodes.Status204NoContent).WithMetadata(new AnswerMetadata(StatusCodes.Status204NoContent, words));

    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, params QueryParameter[] parameters) =>
        endpoint.WithMetadata(new QueryMetadata(parameters));

    public static RouteHandlerBuilder WithPathParameter(this RouteHandlerBuilder endpoint, string name, string description, string example, string? pattern = null) =>
        endpoint.WithMetadata(new ParameterMetadata(name, InPath: true, description, example, pattern));

    public static RouteHandlerBuilder WithHeaderParameter(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.WithMetadata(new ParameterMetadata(name, InPath: false, description, Example: null, Pattern: null));

    public static RouteHandlerBuilder WithSessionId(this RouteHandlerBuilder endpoint) =>
        endpoint.WithPathParameter("id", "The session's id.", "my-debate", $"^{IdForm.Pattern}$");

    public static RouteHandlerBuilder WithBodyExample(this RouteHandlerBuilder endpoint, string json) =>
        endpoint.WithMetadata(new BodyExampleMetadata(json));
}
