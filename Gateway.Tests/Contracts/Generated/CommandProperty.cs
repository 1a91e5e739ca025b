using System.Reflection;
using Gateway.Contracts;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>The property of the table that a command stands in; its comments say what the command does.</summary>
internal static class CommandProperty
{
    public static PropertyInfo Of(CommandInfo command) =>
        typeof(CommandTable).GetProperties().Single(property => property.PropertyType == typeof(CommandInfo) && property.GetValue(null) == command);
}
