namespace Gateway.Models;

/// <summary>The configured models by name.</summary>
public interface IModelCatalog
{
    /// <summary>Finds a model; null or <c>default</c> names the default model.</summary>
    /// <exception cref="Refusals.GatewayException"><c>model_not_configured</c>, with a sentence that names the model and the setting.</exception>
    Model Get(string? name);
}
