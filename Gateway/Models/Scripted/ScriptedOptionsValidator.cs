using Microsoft.Extensions.Options;

namespace Gateway.Models.Scripted;

/// <summary>Checks <see cref="ScriptedOptions"/> against its attributes.</summary>
[OptionsValidator]
internal sealed partial class ScriptedOptionsValidator : IValidateOptions<ScriptedOptions>;
