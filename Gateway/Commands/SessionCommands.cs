using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Log;
using Gateway.Models;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Commands;

/// <summary>The one room behind the three doors: every command of a hub call, a frame or a request is checked and handed over here.</summary>
public sealed class SessionCommands(ISessionHost host, IWorkflowCatalog workflows, IModelCatalog models, InlineWorkflow definitions, TimeProvider time)
{
    /// <summary>Starts a session; a no-op when the same start was accepted before.</summary>
    public async Task<SessionAck> StartAsync(StartSession command, CancellationToken cancellationToken)
    {
        RequireOneOfEach(command);
        var input = SessionInput.ToText(command.Input, command.Subject);
        var fingerprint = Fingerprint(command, input);
        WorkflowDefinition workflow;
        try
        {
            workflow = ResolveWorkflow(command);
        }
        catch (GatewayException) when (command.SessionId is not null)
        {
            // The first start took its definition along: a repeated one is a no-op even when the file or the model has gone.
            if (!await host.WasStartedAsync(SessionId.Require(command.SessionId), fingerprint, cancellationToken)) throw;
            return new SessionAck { SessionId = command.SessionId };
        }

        var header = new SessionHeader
        {
            SessionId = command.SessionId is { } id ? SessionId.Require(id) : SessionId.Create(time),
            WorkflowId = workflow.Id ?? "inline",
            Workflow = workflow,
            Input = input,
            Fingerprint = fingerprint,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

        await host.StartAsync(header, cancellationToken);
        return new SessionAck { SessionId = header.SessionId };
    }

    /// <summary>Pauses a session.</summary>
    public async Task<SessionAck> PauseAsync(string sessionId, CancellationToken cancellationToken)
    {
        await host.PauseAsync(SessionId.Require(sessionId), cancellationToken);
        return new SessionAck { SessionId = sessionId };
    }

    /// <summary>Resumes a session.</summary>
    public async Task<SessionAck> ResumeAsync(string sessionId, CancellationToken cancellationToken)
    {
        await host.ResumeAsync(SessionId.Require(sessionId), cancellationToken);
        return new SessionAck { SessionId = sessionId };
    }

    /// <summary>Ends a session as cancelled.</summary>
    public async Task<SessionAck> CancelAsync(string sessionId, CancellationToken cancellationToken)
    {
        await host.CancelAsync(SessionId.Require(sessionId), cancellationToken);
        return new SessionAck { SessionId = sessionId };
    }

    /// <summary>Says something to a session.</summary>
    public async Task<SessionAck> UserInputAsync(string sessionId, UserInput command, CancellationToken cancellationToken)
    {
        SessionId.Require(sessionId);
        if (string.IsNullOrEmpty(command.Content)) throw new GatewayException(ErrorCode.InvalidData, "'content' is missing or empty: say what the user says.");
        await host.UserInputAsync(sessionId, command.Content, command.PromptId, command.NodeId, cancellationToken);
        return new SessionAck { SessionId = sessionId };
    }

    /// <summary>The folded state of a session.</summary>
    public Task<SessionSnapshot> GetAsync(string sessionId, CancellationToken cancellationToken) =>
        host.GetSnapshotAsync(SessionId.Require(sessionId), cancellationToken);

    // Two names for one thing are fine, two things are not: one of them would be dropped.
    private static void RequireOneOfEach(StartSession command)
    {
        if (command.WorkflowId is { } workflowId && command.TemplateId is { } templateId && workflowId != templateId)
        {
            throw new GatewayException(ErrorCode.InvalidData, $"'workflow_id' is '{workflowId}' but 'template_id' is '{templateId}': they are names of the same, give one of them.");
        }

        if (command.Subject is not null && command.Input is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) })
        {
            throw new GatewayException(ErrorCode.InvalidData, "Give 'input' or 'subject', not both.");
        }
    }

    private WorkflowDefinition ResolveWorkflow(StartSession command)
    {
        var id = command.WorkflowId ?? command.TemplateId;
        if (command.Workflow is { } inline)
        {
            if (id is not null) throw new GatewayException(ErrorCode.InvalidData, "Give 'workflow_id' or 'workflow', not both.");
            definitions.Check(inline);
            RequireModels(inline);
            return inline;
        }

        if (id is null) throw new GatewayException(ErrorCode.InvalidData, "'workflow_id' is missing; GET /api/v1/workflows lists the workflows.");
        var workflow = workflows.Find(id)
            ?? throw new GatewayException(ErrorCode.UnknownWorkflow, $"There is no workflow '{id}'; there are: {string.Join(", ", workflows.List().Select(w => w.Id))}.");
        RequireModels(workflow);
        return workflow;
    }

    private void RequireModels(WorkflowDefinition workflow)
    {
        var refusals = new List<GatewayException>();
        foreach (var model in (workflow.Agents ?? new Dictionary<string, AgentDefinition>()).Select(agent => agent.Value.Model).Distinct())
        {
            try
            {
                models.Get(model);
            }
            catch (GatewayException refusal)
            {
                refusals.Add(refusal);
            }
        }

        if (refusals.Count > 0) throw new GatewayException(refusals[0].Code, string.Join(" ", refusals.Select(refusal => refusal.Message).Distinct()));
    }

    private static string Fingerprint(StartSession command, string input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(command.WorkflowId ?? command.TemplateId ?? string.Empty));
        hash.AppendData([0]);
        if (command.Workflow is { } workflow) hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(workflow, ContractsJson.Wire.WorkflowDefinition));
        hash.AppendData([0]);
        hash.AppendData(Encoding.UTF8.GetBytes(input));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
