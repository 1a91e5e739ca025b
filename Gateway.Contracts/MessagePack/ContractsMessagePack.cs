using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace Gateway.Contracts;

/// <summary>How the contract's records are written as MessagePack: maps with the members' names of the JSON form.</summary>
/// <remarks>A value that does not apply is nil. Compiled into the gateway and its client; Gateway.Contracts references nothing.</remarks>
internal static class ContractsMessagePack
{
    /// <summary>Options for the SignalR MessagePack protocol; treats what it reads as untrusted.</summary>
    public static MessagePackSerializerOptions Options { get; } = MessagePackSerializerOptions.Standard
        .WithResolver(CompositeResolver.Create(
            [new JsonElementFormatter(), new DecimalFormatter(), new StaticNullableFormatter<decimal>(new DecimalFormatter()), new TimestampFormatter(), new StaticNullableFormatter<DateTime>(new TimestampFormatter())],

            // The resolver of primitive objects comes last: SignalR's client reads the nil of a method without a result as an object.
            [BuiltinResolver.Instance, AttributeFormatterResolver.Instance, DynamicGenericResolver.Instance, DynamicObjectResolver.Instance, PrimitiveObjectResolver.Instance]))
        .WithSecurity(MessagePackSecurity.UntrustedData);
}
