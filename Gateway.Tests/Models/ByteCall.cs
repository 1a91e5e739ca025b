using System.Text.Json;

namespace Gateway.Tests.Models;

/// <summary>What a provider was asked.</summary>
/// <param name="Number">Which call it was, from 1.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The head of the request.</param>
/// <param name="Body">The question.</param>
internal sealed record ByteCall(int Number, string Target, IReadOnlyDictionary<string, string> Headers, JsonElement Body);
