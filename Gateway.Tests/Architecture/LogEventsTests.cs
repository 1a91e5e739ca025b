using System.Reflection;
using Gateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Architecture;

/// <summary>Every log event of the gateway has a number of its own, from the table of its room.</summary>
public sealed class LogEventsTests
{
    // From the first number of a room up to that of the next.
    private static readonly (string Room, int First, int End)[] Bands =
    [
        ("Gateway", 1000, 1010),
        ("Gateway.Shutdown", 1010, 1090),
        ("Gateway.Settings", 1090, 1100),
        ("Gateway.Admission", 1100, 1200),
        ("Gateway.Log", 2000, 2500),
        ("Gateway.Models", 2500, 2650),
        ("Gateway.Tools", 2650, 2700),
        ("Gateway.Workflows", 2700, 3000),
        ("Gateway.Engine", 3000, 4000),
        ("Gateway.Delivery", 4000, 4500),
        ("Gateway.Commands", 4500, 4700),
        ("Gateway.Transport", 4700, 5000),
        ("Gateway.Doors.WebSockets", 5000, 5200),
        ("Gateway.Doors.Hubs", 5200, 5400),
        ("Gateway.Doors.Http", 5400, 5900),
        ("Gateway.Health", 5900, 6000),
        ("Gateway.Observers", 6000, 6100),
        ("Gateway.Webhooks", 6100, 6200),
    ];

    // Rooms whose events still have their old numbers; to be emptied.
    private static readonly string[] NotYet =
    [
        "Gateway.Doors.WebSockets",
        "Gateway.Doors.Hubs",
        "Gateway.Doors.Http",
    ];

    [Fact]
    public void Every_log_event_has_a_number_of_its_own()
    {
        var twice = Events().GroupBy(e => e.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(e => e.Name))}");

        Assert.Empty(twice);
    }

    [Fact]
    public void Every_number_is_in_the_band_of_its_room()
    {
        Assert.Empty(Events().Where(e => e.Id < e.Room.First || e.Id >= e.Room.End).Select(e => $"{e.Name} has {e.Id}, which is not in the band of {e.Room.Room}"));
    }

    [Fact]
    public void The_table_of_a_room_has_the_numbers_of_its_events_and_no_other()
    {
        foreach (var room in Events().GroupBy(e => e.Room.Room))
        {
            var table = typeof(GatewayApplication).Assembly.GetTypes().SingleOrDefault(type => type.Namespace == room.Key && type.Name == room.Key[(room.Key.LastIndexOf('.') + 1)..] + "Events");

            Assert.True(table is not null, $"{room.Key} has log events but no table of their numbers.");
            Assert.Equal(table.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!).Order(), room.Select(e => e.Id).Order());
        }
    }

    [Fact]
    public void Log_messages_are_in_files_of_their_own()
    {
        var folder = Path.Combine(Repository.Root, "Gateway");
        var wrong = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => !file.EndsWith(".Log.cs", StringComparison.Ordinal) && !file.StartsWith("obj", StringComparison.Ordinal) && !file.StartsWith("bin", StringComparison.Ordinal))
            .Where(file => !NotYet.Contains(RoomOf("Gateway." + Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.')).Room))
            .Where(file => File.ReadAllText(Path.Combine(folder, file)).Contains("[LoggerMessage(", StringComparison.Ordinal));

        Assert.Empty(wrong);
    }

    private static List<(int Id, string Name, (string Room, int First, int End) Room)> Events() =>
    [
        .. from type in typeof(GatewayApplication).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           let room = RoomOf(type.Namespace!)
           where !NotYet.Contains(room.Room)
           select (message.EventId, $"{type.FullName}.{method.Name}", room),
    ];

    // The nearest around it; the roof for all that has no band.
    private static (string Room, int First, int End) RoomOf(string name) =>
        Bands.Where(band => name == band.Room || name.StartsWith(band.Room + ".", StringComparison.Ordinal)).MaxBy(band => band.Room.Length);
}
