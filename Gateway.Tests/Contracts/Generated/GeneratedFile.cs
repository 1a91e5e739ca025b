using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>A file of the repository that is written from the C# contracts.</summary>
/// <param name="Path">Where it is, from the root of the repository.</param>
/// <param name="Write">What it should hold.</param>
internal sealed record GeneratedFile(string Path, Func<string> Write)
{
    /// <summary>Every such file; one that is made from another comes after it.</summary>
    public static IReadOnlyList<GeneratedFile> All { get; } =
    [
        new("clients/typescript/src/contracts.ts", ContractsWriter.Write),
        new("Gateway.Contracts/schemas.json", JsonSchemas.Write),
        new("Gateway.Contracts/PROTOCOL.md", ProtocolTables.Write),
        new("Gateway/protocol/asyncapi.json", AsyncApiWriter.Write),
        new("Gateway/protocol/protocol.html", ProtocolPage.Write),
    ];

    /// <summary>Its place on this machine.</summary>
    public string FullPath => System.IO.Path.Combine(Repository.Root, Path);
}
