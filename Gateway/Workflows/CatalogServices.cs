using Gateway.Models;
using Gateway.Refusals;
using Gateway.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Workflows;

/// <summary>Registers the workflow catalog.</summary>
internal static class CatalogServices
{
    /// <summary>The setting that names a folder of workflow files, read in addition to the shipped ones.</summary>
    public const string PathSetting = "Gateway:WorkflowsPath";

    private const string ShippedFolder = "workflows";

    /// <summary>Adds the workflows of the shipped folder and of <c>Gateway:WorkflowsPath</c>; a problem in one keeps the host from starting, and later keeps what was read before.</summary>
    /// <remarks>Needs the table of node types, <see cref="NodeShapes"/>. Model names are checked against <see cref="IModelCatalog"/>. A relative path is relative to the content root.</remarks>
    public static IServiceCollection AddWorkflowCatalog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CatalogSettings>().BindSettings(CatalogSettings.Section).ValidateOnStart(CatalogSettings.Section, new CatalogSettingsValidator());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<WorkflowValidator>();
        services.AddSingleton<InlineWorkflow>();
        services.AddSingleton<WorkflowSchema>();
        services.AddSingleton<ProblemHints>();
        services.AddSingleton(provider =>
        {
            var models = provider.GetRequiredService<IModelCatalog>();
            return new DefinitionCheck(provider.GetRequiredService<WorkflowValidator>(), name => ModelProblem(models, name), name => ModelProblem(models, name) is not null || models.Get(name).HasPrice);
        });
        services.AddSingleton<IWorkflowCatalog>(provider =>
        {
            var contentRoot = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
            return WorkflowCatalog.Load(Folders(contentRoot, configuration[PathSetting]), provider.GetRequiredService<DefinitionCheck>(), provider.GetServices<HostWorkflow>().Select(added => added.Workflow));
        });
        services.AddHostedService<CatalogStartup>();
        services.AddHostedService<CatalogWatch>();
        return services;
    }

    private static IEnumerable<string> Folders(string contentRoot, string? configured)
    {
        // With `dotnet run` and in tests the content root is the project; an installed gateway may be started from anywhere.
        var shipped = Path.Combine(contentRoot, ShippedFolder);
        yield return Directory.Exists(shipped) ? shipped : Path.Combine(AppContext.BaseDirectory, ShippedFolder);
        if (string.IsNullOrWhiteSpace(configured)) yield break;
        if (TextAttribute.FindSlip(configured) is { } slip) throw new OptionsValidationException(CatalogSettings.Section, typeof(CatalogSettings), [$"{PathSetting}: must be a folder, but the text {slip}."]);
        yield return Path.GetFullPath(configured, contentRoot);
    }

    private static string? ModelProblem(IModelCatalog models, string? name)
    {
        try
        {
            models.Get(name);
            return null;
        }
        catch (GatewayException exception)
        {
            return exception.Message;
        }
    }
}
