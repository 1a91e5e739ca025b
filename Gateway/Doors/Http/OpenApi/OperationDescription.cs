using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Contracts;
using Gateway.Doors.Http.Answers;
using Gateway.Doors.Http.Parameters;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Gateway.Doors.Http.OpenApi;

/// <summary>Fills in an operation from the metadata of its endpoint: parameters, examples, refusals.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    private const string Success = "200";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<ParameterMetadata>()) Describe(operation.Parameters, parameter);
        foreach (var query in metadata.OfType<QueryMetadata>().SelectMany(q => q.Parameters)) operation.Parameters.Add(Describe(query));
        if (metadata.OfType<BodyExampleMetadata>().LastOrDefault() is { } example && operation.RequestBody is OpenApiRequestBody body) Describe(body, example);
        foreach (var stream in metadata.OfType<StreamMetadata>()) Describe(operation, stream);
        DescribeResponses(operation, [.. metadata.OfType<AnswerMetadata>()], [.. metadata.OfType<RefusalMetadata>().SelectMany(r => r.Codes).Distinct()]);
        return Task.CompletedTask;
    }

    private static void Describe(IList<IOpenApiParameter> parameters, ParameterMetadata metadata)
    {
        if (parameters.OfType<OpenApiParameter>().FirstOrDefault(p => p.Name == metadata.Name) is not { } parameter)
        {
            parameter = new OpenApiParameter { Name = metadata.Name, In = ParameterLocation.Header };
            parameters.Add(parameter);
        }

        parameter.Description = metadata.Description;
        parameter.Example = metadata.Example;
        parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = metadata.Pattern };
    }

    private static OpenApiParameter Describe(QueryParameter query) => new()
    {
        Name = query.Name,
        In = ParameterLocation.Query,
        Description = query.Description,
        Schema = query switch
        {
            WholeNumberParameter number => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = number.Max > int.MaxValue ? "int64" : "int32",
                Minimum = Math.Max(number.Min, 0).ToString(CultureInfo.InvariantCulture),
                Maximum = number.Max == long.MaxValue ? null : number.Max.ToString(CultureInfo.InvariantCulture),
                Default = number.Default,
            },
            TextParameter { Choices.Count: > 0 } text => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. text.Choices.Select(c => (JsonNode)c)] },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };

    private static void Describe(OpenApiRequestBody body, BodyExampleMetadata example)
    {
        body.Required = true;
        foreach (var content in body.Content?.Values ?? []) content.Example = JsonNode.Parse(example.Json);
    }

    private static void Describe(OpenApiOperation operation, StreamMetadata stream)
    {
        if (operation.Responses?[Success] is not OpenApiResponse response) return;
        response.Content ??= new Dictionary<string, OpenApiMediaType>();
        response.Content[stream.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = stream.Example };
    }

    private static void DescribeResponses(OpenApiOperation operation, IReadOnlyList<AnswerMetadata> answers, IReadOnlyList<string> codes)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse { Content: var contents } described) continue;
            var refusals = codes.Where(c => ProblemStatus.Of(c).ToString(CultureInfo.InvariantCulture) == status).ToList();
            described.Description = refusals.Count > 0 ? $"Refused: `{string.Join("`, `", refusals)}`." : answers.Single(a => a.Status.ToString(CultureInfo.InvariantCulture) == status).Words;
            foreach (var (type, content) in contents ?? new Dictionary<string, OpenApiMediaType>())
            {
                if (type == Problems.ContentType && refusals.Count > 0) content.Example = Example(refusals[0]);
            }
        }
    }

    private static JsonObject Example(string code) => new()
    {
        ["title"] = ReasonPhrases.GetReasonPhrase(ProblemStatus.Of(code)),
        ["status"] = ProblemStatus.Of(code),
        ["code"] = code,
        ["detail"] = code == ErrorCode.UnknownSession ? "There is no session 'my-debate'." : "A sentence that names the thing and the way out.",
    };
}
