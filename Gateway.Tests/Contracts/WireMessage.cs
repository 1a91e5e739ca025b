using System.Text.Json.Serialization.Metadata;

namespace Gateway.Tests.Contracts;

/// <summary>A message whose wire form is pinned by <c>Wire/{Name}.json</c>.</summary>
/// <param name="Name">The file's name without extension.</param>
/// <param name="Value">The message.</param>
/// <param name="Type">How the contract writes it.</param>
/// <param name="OnHub">Whether the hub carries it too, and so MessagePack.</param>
public sealed record WireMessage(string Name, object Value, JsonTypeInfo Type, bool OnHub)
{
    public override string ToString() => Name;
}
