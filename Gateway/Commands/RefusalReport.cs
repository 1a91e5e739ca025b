using Gateway.Contracts;
using Gateway.Log;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>What an exception means to a client, the same on every door; and what of it an operator should see.</summary>
internal sealed partial class RefusalReport(ILogger<RefusalReport> logger)
{
    /// <summary>What a client is told of a bug.</summary>
    public const string FailedSentence = "The gateway failed to do this; its log says why.";

    /// <summary>The refusal that a client is told; it holds no details of an exception that was not meant for clients.</summary>
    public static GatewayException Of(Exception exception) => exception switch
    {
        GatewayException refusal => refusal,
        StorageException => StorageRefusal.Create(exception),
        DamagedLogException => new GatewayException(ErrorCode.LogDamaged, "The session's log is damaged and cannot be read to its end.", exception),
        _ => new GatewayException(ErrorCode.InternalError, FailedSentence, exception),
    };

    /// <summary>As <see cref="Of"/>; and logs what has happened to <paramref name="request"/>.</summary>
    public GatewayException Report(string request, Exception exception)
    {
        var refusal = Of(exception);
        if (refusal != exception && refusal.Code == ErrorCode.InternalError) LogFailed(request, exception);
        else if (refusal.Code is ErrorCode.StorageUnavailable or ErrorCode.LogDamaged) LogUnusable(request, refusal.Code, (refusal.InnerException ?? refusal).Message);
        else LogRefused(request, refusal.Code);
        return refusal;
    }
}
