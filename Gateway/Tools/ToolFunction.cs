using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Gateway.Tools;

/// <summary>How functions of .NET are made into tools and called.</summary>
internal static class ToolFunction
{
    private static readonly object CallKey = typeof(ToolCallContext);

    // On one line: what models read is counted by its characters.
    private static readonly JsonSerializerOptions Plain = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>A function with this name, whose special parameters the gateway fills in.</summary>
    public static AIFunction Create(string name, Delegate function, string? description) => AIFunctionFactory.Create(function, new AIFunctionFactoryOptions
    {
        Name = name,
        Description = description,
        ConfigureParameterBinding = parameter => parameter.ParameterType == typeof(ToolCallContext)
            ? new() { ExcludeFromSchema = true, BindParameter = (_, arguments) => arguments.Context?[CallKey] }
            : default,
    });

    /// <summary>Calls a function; what it returns as a text.</summary>
    public static async Task<string> CallAsync(AIFunction function, ToolInvocation call, IServiceProvider services, CancellationToken cancellationToken)
    {
        var arguments = new AIFunctionArguments(ToolArguments.Of<object?>(call.Arguments, value => value))
        {
            Services = services,
            Context = new Dictionary<object, object?> { [CallKey] = call.Context },
        };
        return Text(await function.InvokeAsync(arguments, cancellationToken));
    }

    private static string Text(object? result) => result switch
    {
        null => string.Empty,
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => string.Empty,
        JsonElement json => JsonSerializer.Serialize(json, Plain.GetTypeInfo(typeof(JsonElement))),
        TextContent text => text.Text,
        IEnumerable<AIContent> contents => string.Join('\n', contents.Select(Text)),
        DataContent data => string.Create(CultureInfo.InvariantCulture, $"[{data.MediaType}, {data.Data.Length} bytes]"),
        _ => JsonSerializer.Serialize(result, Plain.GetTypeInfo(result.GetType())),
    };
}
