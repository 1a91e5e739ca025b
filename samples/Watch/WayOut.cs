using Gateway.Client;
using Gateway.Contracts;

namespace Watch;

/// <summary>What to try after a refusal, where the refusal itself does not say it.</summary>
internal static class WayOut
{
    public static string Of(string code) => code switch
    {
        ClientErrorCode.ConnectionFailed => "\nIs the gateway running? Start it with 'dotnet run --project Gateway', or say where it is: --gateway http://host:port.",
        ErrorCode.UnknownSession => "\nGET /api/v1/sessions lists those there are; 'watch start' begins one.",
        ErrorCode.SessionFinished => "\nIts events are still there: 'watch attach' shows them.",
        _ => string.Empty,
    };
}
