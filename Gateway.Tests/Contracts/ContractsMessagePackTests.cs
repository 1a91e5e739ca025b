using System.Buffers;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using Gateway.Contracts;
using MessagePack;
using Xunit;

namespace Gateway.Tests.Contracts;

/// <summary>The MessagePack form of the contract. The same for the gateway and its client, which both compile it in.</summary>
public abstract class ContractsMessagePackTests(MessagePackSerializerOptions options)
{
    private readonly MessagePackSerializerOptions _options = options;

    public static TheoryData<string> HubMessages => [.. WireMessages.All.Where(message => message.OnHub).Select(message => message.Name)];

    public static TheoryData<Type> HubTypes => [.. WireMessages.All.Where(message => message.OnHub).Select(message => message.Type.Type).Distinct()
        .Concat(SessionEvents.All.Select(kind => kind.DataType))
        .Concat([typeof(Totals), typeof(Prompt), typeof(HeldInput), typeof(NodeSnapshot), typeof(AgentDefinition), typeof(NodeDefinition)])];

    [Theory]
    [MemberData(nameof(HubMessages))]
    public void A_message_survives_the_round_trip(string name)
    {
        var message = Find(name);

        var back = Unpack(message.Type.Type, Write(message))!;

        WireEqual.Check(message, back);
        Assert.Equal(JsonSerializer.Serialize(message.Value, message.Type), JsonSerializer.Serialize(back, message.Type));
    }

    [Theory]
    [MemberData(nameof(HubMessages))]
    public void Members_have_the_names_and_kinds_of_the_json_form(string name)
    {
        var message = Find(name);
        var json = JsonSerializer.SerializeToElement(message.Value, message.Type);

        CheckSame(json, JsonElement.Parse(MessagePackSerializer.ConvertToJson(Write(message), _options, TestContext.Current.CancellationToken)), name);
    }

    [Fact]
    public void A_time_that_may_be_absent_is_text_like_every_other()
    {
        var prompt = new Prompt { PromptId = "review", Text = "Good?", ExpiresAt = new DateTime(2026, 11, 27, 10, 0, 0, DateTimeKind.Utc) };

        var packed = MessagePackSerializer.Serialize(prompt, _options, TestContext.Current.CancellationToken);

        Assert.True(packed.AsSpan().IndexOf("2026-11-27T10:00:00.0000000Z"u8) > 0);
        Assert.Equal(prompt, MessagePackSerializer.Deserialize<Prompt>(packed, _options, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(HubTypes))]
    public void Every_member_is_declared_with_its_json_name(Type type)
    {
        var json = ContractsJson.Wire.GetTypeInfo(type)!.Properties.Where(property => property.Get is not null).Select(property => property.Name);
        var declared = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.GetCustomAttribute<DataMemberAttribute>()?.Name).OfType<string>();

        Assert.NotNull(type.GetCustomAttribute<DataContractAttribute>(inherit: false));
        Assert.Equal(json.Order(StringComparer.Ordinal), declared.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everything_the_hub_carries_is_covered()
    {
        var carried = new[] { typeof(IWorkflowHub), typeof(IWorkflowClient) }.SelectMany(contract => contract.GetMethods())
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Concat(method.ReturnType.GetGenericArguments()))
            .Where(type => type.Assembly == typeof(IWorkflowHub).Assembly).Distinct();

        Assert.Empty(carried.Except(HubTypes.Select(row => row.Data)));
    }

    [Fact]
    public void A_time_is_the_text_it_is_in_json_and_a_timestamp_of_message_pack_is_read_too()
    {
        // A tenth of a microsecond apart: a browser's Date would have both alike.
        var time = new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc).AddTicks(1234567);

        var text = MessagePackSerializer.Deserialize<string>(MessagePackSerializer.Serialize(time, _options, TestContext.Current.CancellationToken), cancellationToken: TestContext.Current.CancellationToken);
        var packed = MessagePackSerializer.Serialize(time, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("2026-11-22T10:00:00.1234567Z", text);
        Assert.Equal(time, MessagePackSerializer.Deserialize<DateTime>(packed, _options, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(HubMessages))]
    public void Members_nobody_knows_are_skipped(string name)
    {
        var message = Find(name);
        var written = new MessagePackReader(Write(message));
        var count = written.ReadMapHeader();
        var body = written.ReadRaw(written.Sequence.Slice(written.Position).Length);
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(count + 1);
        writer.Write("later");
        writer.WriteRaw(MessagePackSerializer.ConvertFromJson("""{"a":[1,{"b":null}]}""", _options, TestContext.Current.CancellationToken));
        writer.WriteRaw(body);
        writer.Flush();

        var back = Unpack(message.Type.Type, buffer.WrittenMemory)!;

        WireEqual.Check(message, back);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0000\\u0001\\u001b\\n\\\"\\\\\\u2028\\ud83d\\ude00\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("0.1")]
    [InlineData("-1.5e-300")]
    [InlineData("""{"a":{"b":[1,[2,[]],null,{"":"x"}]},"c":null,"\u0000":false}""")]
    public void Free_form_input_survives_the_round_trip(string json)
    {
        var command = new StartSession { Input = JsonElement.Parse(json) };

        var back = Unpack<StartSession>(Pack(command));

        Assert.True(JsonElement.DeepEquals(command.Input!.Value, back.Input!.Value), $"got {back.Input}");
    }

    [Fact]
    public void Input_of_null_is_no_input()
    {
        foreach (var input in new JsonElement?[] { JsonElement.Parse("null"), default(JsonElement), null })
        {
            Assert.Null(Unpack<StartSession>(Pack(new StartSession { Input = input })).Input);
        }
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Input_that_messagepack_cannot_hold_is_refused(string json)
    {
        Assert.Throws<MessagePackSerializationException>(() => Pack(new StartSession { Input = JsonElement.Parse(json) }));
    }

    // The value of 'input' as bytes: NaN, infinity, a map with a number as key, binary, a timestamp, a string cut short, an array longer than the message.
    [Theory]
    [InlineData("cb7ff8000000000000")]
    [InlineData("ca7f800000")]
    [InlineData("810102")]
    [InlineData("c40100")]
    [InlineData("d6ff00000000")]
    [InlineData("a561")]
    [InlineData("ddffffffff")]
    [InlineData("dfffffffff")]
    public void Input_that_is_no_json_is_refused(string hex)
    {
        Assert.Throws<MessagePackSerializationException>(() => Unpack<StartSession>(Member("input", Convert.FromHexString(hex))));
    }

    [Fact]
    public void A_single_precision_number_stays_short()
    {
        var back = Unpack<StartSession>(Member("input", Convert.FromHexString("ca3dcccccd")));

        Assert.Equal("0.1", back.Input!.Value.GetRawText());
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    public void Input_of_any_depth_is_refused(int depth)
    {
        var lists = Enumerable.Repeat((byte)0x91, depth).Append((byte)0xc0).ToArray();
        var maps = Enumerable.Repeat<byte[]>([0x81, 0xa1, 0x61], depth).SelectMany(step => step).Append((byte)0xc0).ToArray();

        Assert.Throws<MessagePackSerializationException>(() => Unpack<StartSession>(Member("input", lists)));
        Assert.Throws<MessagePackSerializationException>(() => Unpack<StartSession>(Member("input", maps)));
        // A member nobody knows is skipped at any depth, without recursion.
        Assert.Equal(new StartSession(), Unpack<StartSession>(Member("later", lists)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Input_is_taken_to_the_depth_json_has(int depth, bool taken)
    {
        var message = Member("input", [.. Enumerable.Repeat((byte)0x91, depth), 0x01]);

        if (taken) Assert.NotNull(Unpack<StartSession>(message).Input);
        else Assert.Throws<MessagePackSerializationException>(() => Unpack<StartSession>(message));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.0000001")]
    [InlineData("123456.789012345")]
    [InlineData("79228162514264300000000000000")]
    public void An_amount_of_fifteen_digits_is_kept(string text)
    {
        var amount = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(amount, Unpack<decimal>(Pack(amount)));
    }

    [Theory]
    [InlineData("07", "7")]
    [InlineData("cfffffffffffffffff", "18446744073709551615")]
    [InlineData("a3312e35", "1.5")]
    [InlineData("ca3f000000", "0.5")]
    public void An_amount_is_read_from_any_number_and_from_text(string hex, string amount)
    {
        Assert.Equal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Unpack<decimal>(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("cb7fefffffffffffff")]
    [InlineData("cb7ff8000000000000")]
    [InlineData("a178")]
    [InlineData("c0")]
    public void What_is_no_amount_is_refused(string hex)
    {
        Assert.Throws<MessagePackSerializationException>(() => Unpack<decimal>(Convert.FromHexString(hex)));
    }

    private byte[] Write(WireMessage message) => MessagePackSerializer.Serialize(message.Type.Type, message.Value, _options, TestContext.Current.CancellationToken);

    private byte[] Pack<T>(T value) => MessagePackSerializer.Serialize(value, _options, TestContext.Current.CancellationToken);

    private T Unpack<T>(ReadOnlyMemory<byte> bytes) => MessagePackSerializer.Deserialize<T>(bytes, _options, TestContext.Current.CancellationToken);

    private object? Unpack(Type type, ReadOnlyMemory<byte> bytes) => MessagePackSerializer.Deserialize(type, bytes, _options, TestContext.Current.CancellationToken);

    private static byte[] Member(string name, byte[] value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(1);
        writer.Write(name);
        writer.WriteRaw(value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // MessagePack says nil where JSON leaves out, and always a list where JSON may have one text.
    private static void CheckSame(JsonElement json, JsonElement packed, string path)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            Assert.Equal(JsonValueKind.Object, packed.ValueKind);
            foreach (var member in packed.EnumerateObject())
            {
                if (json.TryGetProperty(member.Name, out var same)) CheckSame(same, member.Value, $"{path}.{member.Name}");
                else Assert.True(member.Value.ValueKind == JsonValueKind.Null, $"{path}.{member.Name} is in MessagePack only");
            }

            Assert.Empty(json.EnumerateObject().Select(member => member.Name).Except(packed.EnumerateObject().Select(member => member.Name)));
            return;
        }

        if (json.ValueKind == JsonValueKind.Array && packed.ValueKind == JsonValueKind.Array && json.GetArrayLength() == packed.GetArrayLength())
        {
            foreach (var (index, item) in json.EnumerateArray().Index()) CheckSame(item, packed[index], $"{path}[{index}]");
            return;
        }

        if (path.EndsWith(".next", StringComparison.Ordinal) && json.ValueKind == JsonValueKind.String) packed = Assert.Single(packed.EnumerateArray());
        Assert.True(JsonElement.DeepEquals(json, packed), $"{path}: JSON has {json.GetRawText()}, MessagePack {packed.GetRawText()}");
    }

    private static WireMessage Find(string name) => WireMessages.All.Single(message => message.Name == name);
}
