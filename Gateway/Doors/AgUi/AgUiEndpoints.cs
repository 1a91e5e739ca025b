using Gateway.Admission;
using Gateway.Commands;
using Gateway.Contracts;
using Gateway.Doors.Http;
using Gateway.Refusals;
using Microsoft.Extensions.Options;

namespace Gateway.Doors.AgUi;

/// <summary>Maps the door for front ends that speak AG-UI.</summary>
internal static class AgUiEndpoints
{
    private const string Address = "/agui/{workflowId}";

    private static readonly BodyLimit s_limit = new(CommandText.MaxBytes, JsonBody.TooLargeSentence);

    /// <summary>Maps it where the settings ask for it.</summary>
    public static IEndpointConventionBuilder MapAgUi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("").AddEndpointFilter<ApiExceptionFilter>().AddEndpointFilter<CommandLimitFilter>().ExcludeFromDescription();
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<AgUiOptions>>().Value.Enabled) group.MapPost(Address, RunAsync);
        return group;
    }

    private static async Task<IResult> RunAsync(string workflowId, HttpContext context, AgUiStreams streams, LargeMessages large, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (!request.HasJsonContentType()) throw new GatewayException(ErrorCode.UnsupportedMediaType, JsonBody.ContentTypeSentence);
        RequestBody.Require(request, s_limit);
        AgUiInput input;
        using (var read = await RequestBody.ReadAsync(request, s_limit, AgUiInput.Parse, large, cancellationToken)) input = read.Data;
        return await streams.AnswerAsync(context, workflowId, input, AgUiCursor.Parse(request.Headers[SseHeaders.LastEventId]));
    }
}
