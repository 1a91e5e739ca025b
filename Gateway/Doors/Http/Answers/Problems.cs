using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Doors.Http.Answers;

/// <summary>Makes problem answers.</summary>
internal static class Problems
{
    /// <summary>The media type of problem details.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>An answer with a code and a sentence; the status is the code's own unless another one is given.</summary>
    public static IResult Result(string code, string detail, int? status = null)
    {
        var known = status ?? ProblemStatus.Of(code);
        var problem = new Problem { Title = ReasonPhrases.GetReasonPhrase(known), Status = known, Code = code, Detail = detail };
        return TypedResults.Json(problem, ProblemJson.Wire.Problem, ContentType, known);
    }
}
