using System.Globalization;
using System.Net;

namespace Gateway.Models;

/// <summary>Says why a model call failed, in words that can be shown, where nothing is known of the model but its name.</summary>
/// <remarks>
/// Providers echo what they were sent, API keys included, so a message goes through only when it is known to be made
/// from a status, a host name or the gateway's own words; of all else only the type is told.
/// </remarks>
internal static class ModelFailure
{
    /// <summary>A sentence about the failure that holds no secret.</summary>
    public static string Describe(string modelName, Exception exception) =>
        exception is ModelException written ? written.Message : $"Model '{modelName}' broke off: {Reason(ModelFault.Of(exception))}";

    /// <summary>Whether the next try could end otherwise.</summary>
    public static bool MayPass(Exception exception) => exception is ModelException written ? written.MayPass : ModelFault.Of(exception).MayPass;

    private static string Reason(ModelFault fault) => fault.Kind switch
    {
        ModelFaultKind.Worded => fault.Sentence!,
        ModelFaultKind.Refused => string.Create(CultureInfo.InvariantCulture, $"the provider answered with status {fault.Status} ({(HttpStatusCode)fault.Status})."),
        ModelFaultKind.BrokeOff => "the provider reported an error.",
        ModelFaultKind.NotSecure or ModelFaultKind.NoConnection or ModelFaultKind.NotHttp => $"no connection ({fault.Detail}).",
        ModelFaultKind.ConnectionLost => "the connection was lost.",
        ModelFaultKind.Unreadable => "the provider sent something that is not JSON of the expected shape.",
        ModelFaultKind.TimedOut => "the provider did not answer in time.",
        _ => $"{fault.Detail}.",
    };
}
