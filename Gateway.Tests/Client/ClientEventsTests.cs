using System.Reflection;
using Gateway.Client;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>The numbers of the client's log events.</summary>
public sealed class ClientEventsTests
{
    [Fact]
    public void Every_log_event_has_a_number_of_its_own_from_the_table()
    {
        var table = typeof(ClientEvents).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);
        var used = typeof(GatewayClient).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(message => message.EventId).ToList();

        Assert.Distinct(used);
        Assert.Equal(table.Order(), used.Order());
    }
}
