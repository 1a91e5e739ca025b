namespace Gateway.Admission;

/// <summary>Who may use a gateway that others can reach; section <c>Gateway:Auth</c>.</summary>
public sealed class AuthOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:Auth";

    /// <summary>Whether the gateway may listen where other machines reach it, though it asks nobody who they are.</summary>
    /// <remarks>For a network, a container or a proxy that lets in only whom it should.</remarks>
    public bool AllowAnonymous { get; set; }

    /// <summary>Whether the program that embeds the gateway lets in only whom it knows, so that the gateway may listen anywhere.</summary>
    /// <remarks>A host says so in code, beside the policy that makes it true: <c>MapGateway().RequireAuthorization()</c>, or middleware of its own.</remarks>
    public bool HostAuthenticates { get; set; }
}
