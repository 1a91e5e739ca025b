using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Contracts.TypeScript;

/// <summary>The browser library's types are those of the C# contracts.</summary>
public sealed class ContractsFileTests
{
    private const string Update = "UPDATE_CONTRACTS";

    private static readonly string File = Path.Combine(Repository.Root, "clients", "typescript", "src", "contracts.ts");

    [Fact]
    public void The_file_is_what_the_contracts_say()
    {
        var written = ContractsWriter.Write();
        if (Environment.GetEnvironmentVariable(Update) == "1") System.IO.File.WriteAllText(File, written);

        Assert.True(
            System.IO.File.Exists(File) && System.IO.File.ReadAllText(File) == written,
            $"clients/typescript/src/contracts.ts is out of date. Write it anew: {Update}=1 ./test.sh --filter-class {typeof(ContractsFileTests).FullName}");
    }

    [Fact]
    public void Every_member_with_names_of_its_own_is_one_of_a_record() => Assert.Empty(ContractsWriter.UnknownNames());
}
