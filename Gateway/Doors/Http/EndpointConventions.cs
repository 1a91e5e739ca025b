namespace Gateway.Doors.Http;

/// <summary>Several endpoints as one: a convention that is added holds for each of them.</summary>
internal sealed class EndpointConventions : IEndpointConventionBuilder
{
    private readonly List<IEndpointConventionBuilder> _endpoints = [];

    /// <summary>Takes endpoints in; conventions that are added from now on hold for them, too.</summary>
    public EndpointConventions Include(IEndpointConventionBuilder endpoints)
    {
        _endpoints.Add(endpoints);
        return this;
    }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in _endpoints) endpoint.Add(convention);
    }

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var endpoint in _endpoints) endpoint.Finally(finallyConvention);
    }
}
