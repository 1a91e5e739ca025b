using System.Collections.Frozen;
using Gateway.Contracts;

namespace Gateway.Doors.Http.Answers;

/// <summary>The HTTP status of each <see cref="ErrorCode"/>: the one table.</summary>
internal static class ProblemStatus
{
    private static readonly FrozenDictionary<string, int> Table = new Dictionary<string, int>
    {
        [ErrorCode.InvalidFrame] = StatusCodes.Status400BadRequest,
        [ErrorCode.MissingCommand] = StatusCodes.Status400BadRequest,
        [ErrorCode.UnknownCommand] = StatusCodes.Status400BadRequest,
        [ErrorCode.InvalidData] = StatusCodes.Status400BadRequest,
        [ErrorCode.InvalidSessionId] = StatusCodes.Status400BadRequest,
        [ErrorCode.NoSession] = StatusCodes.Status400BadRequest,
        [ErrorCode.SeqOutOfRange] = StatusCodes.Status400BadRequest,
        [ErrorCode.OriginNotAllowed] = StatusCodes.Status403Forbidden,
        [ErrorCode.NotAssigned] = StatusCodes.Status403Forbidden,
        [ErrorCode.NotFound] = StatusCodes.Status404NotFound,
        [ErrorCode.UnknownSession] = StatusCodes.Status404NotFound,
        [ErrorCode.UnknownWorkflow] = StatusCodes.Status404NotFound,
        [ErrorCode.UnknownPrompt] = StatusCodes.Status404NotFound,
        [ErrorCode.MethodNotAllowed] = StatusCodes.Status405MethodNotAllowed,
        [ErrorCode.SessionExists] = StatusCodes.Status409Conflict,
        [ErrorCode.SessionFinished] = StatusCodes.Status409Conflict,
        [ErrorCode.SessionRunning] = StatusCodes.Status409Conflict,
        [ErrorCode.SessionNotFailed] = StatusCodes.Status409Conflict,
        [ErrorCode.BudgetWarning] = StatusCodes.Status409Conflict,
        [ErrorCode.BudgetExceeded] = StatusCodes.Status409Conflict,
        [ErrorCode.PromptAnswered] = StatusCodes.Status409Conflict,
        [ErrorCode.PromptExpired] = StatusCodes.Status410Gone,
        [ErrorCode.MessageTooLarge] = StatusCodes.Status413PayloadTooLarge,
        [ErrorCode.UnsupportedMediaType] = StatusCodes.Status415UnsupportedMediaType,
        [ErrorCode.InvalidWorkflow] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.ModelNotConfigured] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.LimitExceeded] = StatusCodes.Status429TooManyRequests,
        [ErrorCode.TooManySubscriptions] = StatusCodes.Status429TooManyRequests,
        [ErrorCode.LogDamaged] = StatusCodes.Status500InternalServerError,
        [ErrorCode.InternalError] = StatusCodes.Status500InternalServerError,
        [ErrorCode.TemplateFailed] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.QuorumNotReached] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.NothingCameBack] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.WorkflowFailed] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.OutputInvalid] = StatusCodes.Status502BadGateway,
        [ErrorCode.ModelError] = StatusCodes.Status502BadGateway,
        [ErrorCode.ToolRejected] = StatusCodes.Status422UnprocessableEntity,
        [ErrorCode.ToolFailed] = StatusCodes.Status502BadGateway,
        [ErrorCode.ToolUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [ErrorCode.ToolTimeout] = StatusCodes.Status504GatewayTimeout,
        [ErrorCode.NodeTimeout] = StatusCodes.Status504GatewayTimeout,
        [ErrorCode.ModelTimeout] = StatusCodes.Status504GatewayTimeout,
        [ErrorCode.StorageUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [ErrorCode.ShuttingDown] = StatusCodes.Status503ServiceUnavailable,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether the table has the code.</summary>
    public static bool Knows(string code) => Table.ContainsKey(code);

    /// <summary>The status of a code; 500 for one the table does not have.</summary>
    public static int Of(string code) => Table.GetValueOrDefault(code, StatusCodes.Status500InternalServerError);
}
