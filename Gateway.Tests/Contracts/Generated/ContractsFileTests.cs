using Gateway.Doors.WebSockets;
using Xunit;

namespace Gateway.Tests.Contracts.Generated;

/// <summary>What is written from the C# contracts is what they say; with <c>UPDATE_CONTRACTS=1</c> these tests are the tool that writes it.</summary>
public sealed class ContractsFileTests
{
    private const string Update = "UPDATE_CONTRACTS";

    // One test for all, because the page is made of what stands in the protocol.
    [Fact]
    public void Every_file_is_what_the_contracts_say()
    {
        var stale = new List<string>();
        foreach (var file in GeneratedFile.All)
        {
            var written = file.Write();
            if (File.Exists(file.FullPath) && File.ReadAllText(file.FullPath) == written) continue;
            if (Environment.GetEnvironmentVariable(Update) == "1") File.WriteAllText(file.FullPath, written);
            else stale.Add(file.Path);
        }

        Assert.True(stale.Count == 0, $"Out of date: {string.Join(", ", stale)}. Write them anew: {Update}=1 dotnet run --project Gateway.Tests -- --filter-class {typeof(ContractsFileTests).FullName}");
    }

    [Fact]
    public void Every_member_with_names_of_its_own_is_one_of_a_record() => Assert.Empty(ContractMembers.UnknownNames());

    [Fact]
    public void Every_parameter_of_the_WebSockets_address_is_described() =>
        Assert.Equal(ConnectionRequest.Parameters.Order(StringComparer.Ordinal), AsyncApiWriter.Parameters.Order(StringComparer.Ordinal));
}
