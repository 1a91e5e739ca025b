using Gateway.Settings;

namespace Gateway.Models.Scripted;

/// <summary>The settings of a scripted model, from <c>Gateway:Models:&lt;name&gt;</c>.</summary>
public sealed class ScriptedOptions
{
    /// <summary>The pace; 0 or less writes without a pause.</summary>
    [NumberRange(double.MinValue)]
    public double TokensPerSecond { get; set; } = 40;

    /// <summary>Another seed writes other texts.</summary>
    public int Seed { get; set; }

    /// <summary>Whether it reasons aloud before it answers.</summary>
    public bool Thinking { get; set; }
}
