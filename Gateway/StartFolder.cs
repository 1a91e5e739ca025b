namespace Gateway;

/// <summary>Where the gateway finds its page and its settings, and from where relative paths in the settings count.</summary>
internal static class StartFolder
{
    /// <summary>The program's own folder when it was published there; null for the working directory, as under <c>dotnet run</c>.</summary>
    /// <remarks>A published gateway is the same whatever directory it is started from: a service or a cron line may stand anywhere. <c>--contentRoot</c> and <c>ASPNETCORE_CONTENTROOT</c> win.</remarks>
    public static string? Find(string program) => Directory.Exists(Path.Combine(program, "wwwroot")) ? program : null;

    /// <summary>The options of the host.</summary>
    public static WebApplicationOptions Options(string[] args)
    {
        var chosen = new ConfigurationBuilder().AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddCommandLine(args).Build()[HostDefaults.ContentRootKey];
        return new WebApplicationOptions { Args = args, ContentRootPath = chosen is null ? Find(AppContext.BaseDirectory) : chosen };
    }
}
