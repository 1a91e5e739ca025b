using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Doors.Http;

/// <summary>Makes problem answers out of codes and exceptions.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";
    public const string InternalErrorSentence = "The gateway failed on this request; its log holds the details.";
    public const string StorageSentence = "The session log cannot be read or written at the moment; try again later.";

    public static IResult Result(string code, string detail, int? status = null)
    {
        var known = status ?? ProblemStatus.Of(code);
        var problem = new Problem { Title = ReasonPhrases.GetReasonPhrase(known), Status = known, Code = code, Detail = detail };
        return TypedResults.Json(problem, HttpJson.Wire.Problem, ContentType, known);
    }

    /// <summary>What to tell the client of an exception; no details of one that was not meant for it.</summary>
    public static (string Code, string Detail) Of(Exception exception) => exception switch
    {
        GatewayException refusal => (refusal.Code, refusal.Message),
        StorageException => (ErrorCode.StorageUnavailable, StorageSentence),
        DamagedLogException => (ErrorCode.LogDamaged, "The session's log is damaged and cannot be read to its end."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (ErrorCode.MessageTooLarge, JsonBody.TooLargeSentence),
        BadHttpRequestException => (ErrorCode.InvalidData, "The request's body broke off or is not valid HTTP."),
        _ => (ErrorCode.InternalError, InternalErrorSentence),
    };
}
