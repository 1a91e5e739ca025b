using System.ComponentModel;
using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Tools.BuiltIn;

/// <summary>Tells the date and the time, which no model knows.</summary>
internal static class NowTool
{
    /// <summary>The tool.</summary>
    public static ToolRegistration Registration { get; } = new(_ => ToolFunction.Create("now", Now, "Tells the date and the time now."), ToolApproval.Never, IsBuiltIn: true);

    private static string Now(IServiceProvider services, [Description("A time zone such as Europe/Berlin; left out: UTC.")] string? zone = null)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (string.IsNullOrWhiteSpace(zone)) return Write(now);
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? Write(TimeZoneInfo.ConvertTime(now, found))
            : throw new ToolException($"There is no time zone '{zone}'; name one as Europe/Berlin.");
    }

    private static string Write(DateTimeOffset time) => time.ToString("dddd, yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
