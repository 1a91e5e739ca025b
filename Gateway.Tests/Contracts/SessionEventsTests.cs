using System.Reflection;
using System.Text.Json.Serialization;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>The table of events and everything that must agree with it.</summary>
public sealed class SessionEventsTests
{
    public static TheoryData<string> Names => [.. SessionEvents.All.Select(kind => kind.Name)];

    [Fact]
    public void Every_payload_has_one_row()
    {
        var payloads = typeof(IEventData).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IEventData)));

        Assert.Equal(payloads.Order(ByName), SessionEvents.All.Select(kind => kind.DataType).Order(ByName));
    }

    [Fact]
    public void Rows_and_the_attributes_beside_them_are_the_same()
    {
        var attributes = typeof(SessionEvent).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(attribute => attribute.DerivedType);

        Assert.Equal(SessionEvents.All.Select(kind => kind.JsonType.Type), attributes);
    }

    [Fact]
    public void Rows_and_the_hub_s_methods_are_the_same()
    {
        var methods = typeof(IWorkflowClient).GetMethods().Select(method => (method.Name, method.GetParameters().Single().ParameterType));

        Assert.Equal(methods, SessionEvents.All.Select(kind => (kind.HubMethod, kind.JsonType.Type)));
    }

    [Fact]
    public void No_two_rows_share_a_name() => Assert.Distinct(SessionEvents.All.Select(kind => kind.Name), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_row_calls_the_hub_method_it_names(string name)
    {
        var sessionEvent = Example(name);
        var client = DispatchProxy.Create<IWorkflowClient, CalledClient>();

        await SessionEvents.KindOf(sessionEvent).CallAsync(client, sessionEvent);

        Assert.Equal([(SessionEvents.KindOf(sessionEvent).HubMethod, sessionEvent)], ((CalledClient)client).Calls);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_row_of_an_event_is_found_from_the_event_and_from_its_json(string name)
    {
        var sessionEvent = Example(name);

        Assert.Equal(name, SessionEvents.KindOf(sessionEvent).Name);
        Assert.Same(SessionEvents.KindOf(sessionEvent), EventSerializer.ReadKind(EventSerializer.Serialize(sessionEvent)));
    }

    [Fact]
    public void An_event_without_a_row_is_refused()
    {
        var stranger = new SessionEvent<Stranger> { Seq = 1, Timestamp = DateTime.UnixEpoch, Data = new Stranger() };

        Assert.Throws<ArgumentException>(() => SessionEvents.KindOf(stranger));
        Assert.Throws<ArgumentException>(() => EventSerializer.Serialize(stranger));
    }

    private static IComparer<Type> ByName { get; } = Comparer<Type>.Create((one, other) => string.CompareOrdinal(one.FullName, other.FullName));

    private static SessionEvent Example(string name) => WireMessages.All.Select(message => message.Value).OfType<SessionEvent>().First(sessionEvent => sessionEvent.Event == name);

    private sealed record Stranger : IEventData
    {
        public static string EventName => "token_stream";

        public string SessionId => "s";

        public string? NodeId => null;
    }

#pragma warning disable CA1852 // DispatchProxy derives from it.
    private class CalledClient : DispatchProxy
#pragma warning restore CA1852
    {
        public List<(string Method, object? SessionEvent)> Calls { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls.Add((targetMethod!.Name, args![0]));
            return Task.CompletedTask;
        }
    }
}
