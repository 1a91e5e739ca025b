using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Gateway.Contracts;
using Gateway.Delivery.Wires;
using Gateway.Doors.Hubs;
using Gateway.Log;
using Gateway.Tests.Contracts;
using Gateway.Transport;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Xunit;

namespace Gateway.Tests.Doors.Hubs;

/// <summary>What the feed puts on the hub's wires is byte for byte what SignalR's own protocols write.</summary>
public sealed class HubWireTests
{
    private static readonly DateTime Time = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    private static readonly JsonHubProtocol Json = new(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = new(ContractsJson.Wire.Options) }));

    private static readonly MessagePackHubProtocol MessagePack = new(Options.Create(new MessagePackHubProtocolOptions { SerializerOptions = MessagePackForm.OfClient }));

    public static TheoryData<string> Names => [.. Events.Keys];

    private static Dictionary<string, SessionEvent> Events { get; } = new()
    {
        ["token"] = Of(new TokenStream { SessionId = "s", NodeId = "n", AgentId = "a", Chunk = "辩论 \"q\" \\ \u2028 \0 🧑‍⚖️ <b>&'+\u007f", IsThinking = true }),
        ["user token"] = Of(new TokenStream { SessionId = "s", AgentId = "user", Chunk = "", IsThinking = false }),
        ["long token"] = Of(new TokenStream { SessionId = "s", NodeId = "n", AgentId = "a", Chunk = new string('é', 100_000), IsThinking = false }),
        ["merged"] = Of(new TokenStream { SessionId = "s", NodeId = "n", AgentId = "a", Chunk = "ab", IsThinking = false }) with { MergedFrom = 3 },
        ["state"] = Of(new NodeStateChange { SessionId = "s", NodeId = "n", Status = NodeStatus.Running, Attempt = 2, Iteration = 3 }),
        ["prompt"] = Of(new NodeStateChange { SessionId = "s", NodeId = "n", Status = NodeStatus.Suspended, Prompt = new Prompt { PromptId = "n", Text = "Good?" } }),
        ["parallel"] = Of(new ParallelStart { SessionId = "s", NodeId = "n", Branches = ["a", "b"] }),
        ["usage"] = Of(new TokenUsage { SessionId = "s", NodeId = "n", AgentId = "a", InputTokens = 1, OutputTokens = long.MaxValue, EstimatedCostUsd = 0.000_000_1m, CostKnown = false }),
        ["paused"] = Of(new ExecutionPaused { SessionId = "s", Reason = PauseReason.UserRequested, HeldInput = new HeldInput { Content = "hm" } }),
        ["completed"] = Of(new ExecutionCompleted { SessionId = "s", Status = SessionStatus.Completed, Output = "done", Totals = Totals.Zero }),
        ["error"] = Of(new ExecutionError { SessionId = "s", NodeId = "n", Error = "No.", Code = ErrorCode.ModelError }),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Json_is_what_SignalR_writes(string name) => Assert.Equal(Encoding.UTF8.GetString(Own(Json, Events[name])), Encoding.UTF8.GetString(Ours(new HubWires(new WireRegistry()).Bare(Json), Events[name])));

    [Theory]
    [MemberData(nameof(Names))]
    public void MessagePack_is_what_SignalR_writes(string name) =>
        Assert.Equal(Convert.ToHexString(Own(MessagePack, Events[name])), Convert.ToHexString(Ours(new HubWires(new WireRegistry()).Bare(MessagePack), Events[name])));

    [Fact]
    public void The_json_wire_is_the_one_for_the_json_protocol() => Assert.IsType<HubJsonWire>(new HubWires(new WireRegistry()).Bare(Json));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_framed_wire_puts_each_message_into_one_WebSocket_frame(string name)
    {
        var frame = Ours(new HubWires(new WireRegistry()).Framed(MessagePack), Events[name]);

        var (header, payload, type) = WebSocketFrame.ReadHeader(frame);
        Assert.Equal(WebSocketMessageType.Binary, type);
        Assert.Equal(frame.Length, header + payload);
        Assert.Equal(Own(MessagePack, Events[name]), frame[header..]);
    }

    private static SessionEvent<T> Of<T>(T data)
        where T : class, IEventData => new() { Seq = 17, Timestamp = Time, NodeId = data.NodeId, Data = data };

    private static byte[] Own(IHubProtocol protocol, SessionEvent sessionEvent) => protocol.GetMessageBytes(new InvocationMessage(SessionEvents.KindOf(sessionEvent).HubMethod, [sessionEvent])).ToArray();

    private static byte[] Ours(Wire wire, SessionEvent sessionEvent)
    {
        var output = new ArrayBufferWriter<byte>();
        wire.Write(new LoggedEvent(sessionEvent), output);
        return output.WrittenSpan.ToArray();
    }
}
