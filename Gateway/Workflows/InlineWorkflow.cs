using System.Text.Json;
using Gateway.Contracts;
using Gateway.Refusals;

namespace Gateway.Workflows;

/// <summary>A definition that comes with a command, checked as strictly as one in a file.</summary>
internal sealed class InlineWorkflow(WorkflowValidator validator)
{
    /// <summary>The types of nodes.</summary>
    public NodeShapes Shapes => validator.Shapes;

    /// <summary>Checks the text of the definition in the data of a <c>start_session</c>, if there is one.</summary>
    /// <param name="data">A JSON object.</param>
    /// <returns>The data with the definition in the gateway's own form, where it was a <see cref="NextIdsGraph"/>; null where it is that already.</returns>
    /// <exception cref="GatewayException"><c>invalid_workflow</c>.</exception>
    public byte[]? CheckIn(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        var (at, length) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("workflow_id"u8) || reader.ValueTextEquals("template_id"u8);
            var isWorkflow = reader.ValueTextEquals("workflow"u8);
            reader.Read();

            // An id beside a definition is a mistake of its own, and is told first.
            if (isId && reader.TokenType != JsonTokenType.Null) return null;
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isWorkflow && isObject) (at, length) = (start, (int)reader.BytesConsumed - start);
        }

        if (length == 0 || CheckText(data.Slice(at, length)) is not { } rewritten) return null;
        return [.. data[..at], .. JsonSerializer.SerializeToUtf8Bytes(rewritten, ContractsJson.Wire.WorkflowDefinition), .. data[(at + length)..]];
    }

    /// <summary>Checks a definition that has come as a record.</summary>
    /// <exception cref="GatewayException"><c>invalid_workflow</c>, with all problems and the path of each.</exception>
    public void Check(WorkflowDefinition workflow) => Refuse([.. Problems(workflow)]);

    // Finds what the record cannot hold any more, such as a misspelt key. Without such a problem the record is all there is
    // to check, and that is done once it has been read; with one, all problems of the definition are told together.
    private WorkflowDefinition? CheckText(ReadOnlySpan<byte> json)
    {
        var file = WorkflowFileReader.Parse("inline.json", json, locates: false);
        if (file.Problems.Count == 0) return file.IsRewritten ? file.Workflow : null;
        var problems = file.Problems.Select(problem => (problem.Path, problem.Message));
        if (file.Workflow is { } workflow) problems = problems.Concat(Problems(workflow));
        Refuse([.. problems]);
        return null;
    }

    /// <summary>Refuses a definition with these problems; does nothing where there are none.</summary>
    /// <exception cref="GatewayException"><c>invalid_workflow</c>.</exception>
    public static void Refuse(IEnumerable<WorkflowProblem> problems) => Refuse([.. problems.Select(problem => (problem.Path, problem.Message))]);

    private IEnumerable<(string Path, string Message)> Problems(WorkflowDefinition workflow) =>
        validator.Validate(workflow).Select(problem => (problem.Path, problem.Message));

    private static void Refuse(List<(string Path, string Message)> problems)
    {
        if (problems.Count == 0) return;
        var sentences = problems.Select(problem => problem.Path.Length == 0 ? problem.Message : $"{problem.Path}: {problem.Message}");
        throw new GatewayException(ErrorCode.InvalidWorkflow, "The workflow cannot run. " + string.Join(" ", sentences));
    }
}
