using Gateway.Settings;
using Microsoft.Extensions.AI;

namespace Gateway.Models.Scripted;

/// <summary>The built-in model, with settings of its own beside those of every model.</summary>
internal sealed class ScriptedProvider(IConfiguration configuration, TimeProvider timeProvider) : IModelProvider
{
    private static readonly ScriptedOptionsValidator Ranges = new();

    public string Name => "scripted";

    public bool IsLocal => true;

    public bool HasOwnModel => true;

    public IEnumerable<string> FindProblems(string setting, ModelOptions options) => Ranges.Validate(setting, Read(setting)).Failures ?? [];

    public IChatClient CreateClient(string name, ModelOptions options) => new ScriptedChatClient(name, Read(ModelsOptions.SectionOf(name)), timeProvider);

    private ScriptedOptions Read(string section) => SettingsBinding.Read<ScriptedOptions>(configuration, section);
}
