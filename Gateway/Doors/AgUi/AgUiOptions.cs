namespace Gateway.Doors.AgUi;

/// <summary>The settings of the door for front ends that speak AG-UI; section <c>Gateway:AgUi</c>.</summary>
public sealed class AgUiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Gateway:AgUi";

    /// <summary>Whether <c>POST /agui/{workflow_id}</c> is there.</summary>
    public bool Enabled { get; set; }
}
