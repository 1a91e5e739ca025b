namespace Gateway.Tools.BuiltIn;

/// <summary>Registers the tools that every gateway has.</summary>
internal static class BuiltInTools
{
    /// <summary>Adds each tool of this folder; a host's own of the same name takes its place.</summary>
    public static IServiceCollection AddBuiltInTools(this IServiceCollection services) => services
        .AddSingleton(NowTool.Registration)
        .AddSingleton(CalculateTool.Registration);
}
