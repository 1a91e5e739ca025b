namespace Gateway.Transport;

/// <summary>What the gateway does below HTTP; section <c>Gateway:Transport</c>.</summary>
public sealed class TransportOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Transport";

    /// <summary>Whether plain WebSockets open below HTTP, and so past the middleware of the host.</summary>
    /// <remarks>
    /// The stand-alone gateway does so by default, unless a startup filter that it does not know adds middleware. A host that
    /// embeds the gateway sets this to true when none of its middleware concerns <c>/ws</c> and <c>/hub</c>. Whatever the
    /// setting says, the door stays shut for endpoints with policies or filters of the host, and where the host has a
    /// fallback policy.
    /// </remarks>
    public bool? DirectDoor { get; set; }

    /// <summary>Whether the program is the gateway itself, so that the pipeline is its own.</summary>
    internal bool IsStandAlone { get; set; }
}
