namespace Gateway.Tests.EndToEnd;

/// <summary>What every test of a door does with it.</summary>
internal static class Doors
{
    /// <summary>Reads up to and with the first event that is meant.</summary>
    public static async Task<List<Frame>> ReadToAsync(this IDoor door, Func<Frame, bool> isLast)
    {
        var frames = new List<Frame>();
        do frames.Add(await door.NextAsync());
        while (!isLast(frames[^1]));
        return frames;
    }

    public static Task<List<Frame>> ReadToEndAsync(this IDoor door) => door.ReadToAsync(f => f.Is("execution:completed"));

    /// <summary>Sends a command that may be refused; returns the code, or null when it was accepted.</summary>
    public static async Task<string?> CodeAsync(Task command)
    {
        try
        {
            await command;
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Code;
        }
    }
}
