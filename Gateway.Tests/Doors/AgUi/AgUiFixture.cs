using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Doors.AgUi;

/// <summary>A gateway with the door for AG-UI, and workflows that ask twice at once, and that fail.</summary>
public sealed class AgUiFixture : GatewayFixture
{
    private readonly TempFolder _folder;

    public AgUiFixture()
        : this(new TempFolder())
    {
    }

    private AgUiFixture(TempFolder folder)
        : base(sockets: true, new Dictionary<string, string?> { ["Gateway:AgUi:Enabled"] = "true", ["Gateway:WorkflowsPath"] = Write(folder) }) => _folder = folder;

    /// <summary>The address of a workflow.</summary>
    public string Url(string workflowId) => new Uri(Address, $"/agui/{workflowId}").ToString();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Write(TempFolder folder)
    {
        var path = folder.At("workflows");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "two-questions.yaml"), """
            id: two-questions
            nodes:
              start: { type: start, next: both }
              both: { type: parallel, next: [free, choice] }
              free: { type: human_review, prompt: "What should it say?", next: end }
              choice: { type: human_review, prompt: "Send it?", with: { actions: [approve, reject] }, next: end }
              end: { type: end }
            """);
        File.WriteAllText(Path.Combine(path, "fails.yaml"), """
            id: fails
            nodes:
              start: { type: start, next: sum }
              sum: { type: tool, with: { tool: calculate, arguments: { expression: "1 / 0" } }, next: end }
              end: { type: end }
            """);
        return path;
    }
}
