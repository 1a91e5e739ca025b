using Gateway.Catalog; using Gateway.Commands; using Gateway.Contracts; using Gateway.Log;
namespace Gateway.Benchmarks;
#pragma warning disable
public class TempHost : ISessionHost, IWorkflowCatalog {
  public Task StartAsync(SessionHeader header, CancellationToken c) => throw new Exception();
  public Task PauseAsync(string s, CancellationToken c) => throw new Exception();
  public Task ResumeAsync(string s, CancellationToken c) => throw new Exception();
  public Task CancelAsync(string s, CancellationToken c) => throw new Exception();
  public Task UserInputAsync(string s, string a, string? b, string? d, CancellationToken c) => throw new Exception();
  public Task<SessionSnapshot> GetSnapshotAsync(string s, CancellationToken c) => throw new Exception();
  public IReadOnlyList<WorkflowDefinition> List() => [];
  public WorkflowDefinition? Find(string id) => null;
}
