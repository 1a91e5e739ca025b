using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.Models;
using Gateway.Refusals;
using Gateway.Workflows;

namespace Gateway.Commands;

/// <summary>Finds the workflow that a start asks for, and refuses one that cannot run.</summary>
internal sealed class StartResolver(IWorkflowCatalog workflows, IModelCatalog models, InlineWorkflow definitions)
{
    // More than anybody mends at once, and no more than an answer can hold.
    private const int MaxReasons = 50;

    /// <summary>Refuses a start that says one thing under two names.</summary>
    /// <exception cref="GatewayException"><c>invalid_data</c>.</exception>
    public static void RequireOneOfEach(StartSession command)
    {
        // The same value under two names is fine. Of two different values, one would be dropped without a word.
        if (command.WorkflowId is { } workflowId && command.TemplateId is { } templateId && workflowId != templateId)
        {
            throw new GatewayException(ErrorCode.InvalidData, $"'workflow_id' is '{workflowId}' but 'template_id' is '{templateId}': they are names of the same, give one of them.");
        }

        if (command.Subject is not null && command.Input is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) })
        {
            throw new GatewayException(ErrorCode.InvalidData, "Give 'input' or 'subject', not both.");
        }
    }

    /// <summary>The definition to run, checked; its models are configured.</summary>
    /// <exception cref="GatewayException">There is no such workflow, or it cannot run.</exception>
    public WorkflowDefinition Resolve(StartSession command)
    {
        var id = command.WorkflowId ?? command.TemplateId;
        if (command.Workflow is { } inline)
        {
            if (id is not null) throw new GatewayException(ErrorCode.InvalidData, "Give 'workflow_id' or 'workflow', not both.");
            definitions.Check(inline);
            RequireInput(inline, command);
            return Complete(inline, null);
        }

        if (id is null) throw new GatewayException(ErrorCode.InvalidData, "'workflow_id' is missing; GET /api/v1/workflows lists the workflows.");
        var workflow = workflows.Find(id)
            ?? throw new GatewayException(ErrorCode.UnknownWorkflow, $"There is no workflow '{id}'; there are: {string.Join(", ", workflows.List().Select(w => w.Id))}.");
        RequireInput(workflow, command);
        return Complete(workflow, id);
    }

    /// <summary>What two starts have in common when they ask for the same.</summary>
    public static string Fingerprint(StartSession command, string input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(command.WorkflowId ?? command.TemplateId ?? string.Empty));
        hash.AppendData([0]);
        if (command.Workflow is { } workflow) hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(workflow, ContractsJson.Wire.WorkflowDefinition));
        hash.AppendData([0]);
        Append(hash, input);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A piece at a time: an input may be megabytes, and many starts may come at once.
    private static void Append(IncrementalHash hash, string text)
    {
        Span<byte> bytes = stackalloc byte[4096];
        var encoder = Encoding.UTF8.GetEncoder();
        var rest = text.AsSpan();
        bool done;
        do
        {
            encoder.Convert(rest, bytes, flush: true, out var taken, out var written, out done);
            hash.AppendData(bytes[..written]);
            rest = rest[taken..];
        }
        while (!done);
    }

    // As it was sent: text is text, and keys with values are an object. Nothing at all is the one or the other, as the schema likes.
    /// <exception cref="GatewayException"><c>invalid_data</c>, with all reasons.</exception>
    public static void RequireInput(WorkflowDefinition workflow, StartSession command)
    {
        if (workflow.Inputs is not { } inputs || OutputSchema.Read(inputs).Schema is not { } schema) return;
        var reasons = command.Input is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } input ? Refuse(input)
            : command.Subject is { } subject ? Refuse(JsonSerializer.SerializeToElement(subject, ContractsJson.Wire.String))
            : Refuse(JsonElement.Parse("\"\"")) is null ? null
            : Refuse(JsonElement.Parse("{}"));
        if (reasons is null) return;
        throw new GatewayException(ErrorCode.InvalidData, $"The input does not fit what workflow '{workflow.Id ?? "inline"}' takes: {reasons}.");

        string? Refuse(JsonElement value) => schema.Refuse(value, MaxReasons);
    }

    // What a session runs has its child workflows in it.
    private WorkflowDefinition Complete(WorkflowDefinition workflow, string? id)
    {
        var (whole, problems) = ChildWorkflows.PutIn(workflow, definitions.Shapes, workflows.List().Select(known => known.Id!), workflows.Find, id);
        InlineWorkflow.Refuse(problems);
        RequireRunnable(whole);
        return whole;
    }

    /// <summary>Refuses a definition, children included, whose models are not there, or whose dollars cannot be counted.</summary>
    /// <exception cref="GatewayException"><c>model_not_configured</c>, <c>invalid_workflow</c>.</exception>
    public void RequireRunnable(WorkflowDefinition whole)
    {
        RequireModels(whole);
        InlineWorkflow.Refuse(BudgetPrices.Check(Defaults.PutInto(whole, definitions.Shapes), name => models.Get(name).HasPrice));
    }

    private void RequireModels(WorkflowDefinition workflow)
    {
        var refusals = new List<GatewayException>();
        workflow = Defaults.PutInto(workflow, definitions.Shapes);
        var agents = (workflow.Agents ?? new Dictionary<string, AgentDefinition>()).Select(agent => agent.Value.Model);
        foreach (var model in agents.Concat(workflow.Nodes!.Values.SelectMany(node => node.Fallback ?? [])).Distinct())
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
}
