using Gateway.Refusals;
using Microsoft.AspNetCore.SignalR;

namespace Gateway.Doors.Hubs;

/// <summary>The form of a refusal on the hub: a message <c>code: sentence</c>.</summary>
internal static class HubRefusal
{
    /// <summary>Gives a refusal that form.</summary>
    public static HubException Create(GatewayException refusal) => Create(refusal.Code, refusal.Message);

    /// <summary>Gives a code and a sentence that form.</summary>
    public static HubException Create(string code, string sentence) => new($"{code}: {sentence}");
}
