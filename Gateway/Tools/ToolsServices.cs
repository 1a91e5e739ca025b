using Gateway.Contracts;
using Gateway.Settings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Tools;

/// <summary>Registers tools, which agents and nodes of type <c>tool</c> call by their names.</summary>
public static class ToolsServices
{
    /// <summary>Adds a function as a tool: <c>AddTool("search", (string query, CancellationToken ct) => ...)</c>.</summary>
    /// <remarks>
    /// The model is told the parameters' names, types and <see cref="System.ComponentModel.DescriptionAttribute"/>s. A parameter of type
    /// <see cref="CancellationToken"/>, <see cref="IServiceProvider"/> or <see cref="ToolCallContext"/> is filled in by the gateway. What the
    /// function returns is given to the model, as JSON unless it is a text. To fail with words that the model reads, it throws a <see cref="ToolException"/>.
    /// </remarks>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The tool's name, of the form of an id; two of one name keep the gateway from starting.</param>
    /// <param name="function">What it does.</param>
    /// <param name="description">What it is for, in words for models.</param>
    /// <param name="approval">When a person must approve a call, one of <see cref="ToolApproval"/>; settings and workflows can only make it stricter.</param>
    public static IServiceCollection AddTool(this IServiceCollection services, string name, Delegate function, string? description = null, string approval = ToolApproval.Never)
    {
        ArgumentNullException.ThrowIfNull(function);
        return services.AddTool(_ => ToolFunction.Create(name, function, description), approval);
    }

    /// <summary>Adds a tool that an <see cref="AIFunction"/> is.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="function">Makes it, once, when the gateway starts.</param>
    /// <param name="approval">When a person must approve a call, one of <see cref="ToolApproval"/>; settings and workflows can only make it stricter.</param>
    public static IServiceCollection AddTool(this IServiceCollection services, Func<IServiceProvider, AIFunction> function, string approval)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!ToolApproval.All.Contains(approval)) throw new ArgumentException($"'{approval}' is none of {string.Join(", ", ToolApproval.All)}.", nameof(approval));
        return services.AddSingleton(new ToolRegistration(function, approval));
    }

    /// <summary>Adds <see cref="IToolCatalog"/>, which has the tools that are registered beside it; needs the configured servers, <see cref="IToolServers"/>.</summary>
    internal static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.AddOptions<ToolsOptions>().BindSettings(ToolsOptions.Section).ValidateOnStart(ToolsOptions.Section, new ToolsOptionsValidator());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IToolCatalog, ToolCatalog>();
        return services;
    }
}
