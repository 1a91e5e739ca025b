using System.ComponentModel;
using Gateway.Contracts;
using Gateway.Templates;

namespace Gateway.Tools.BuiltIn;

/// <summary>Calculates, which models do badly.</summary>
internal static class CalculateTool
{
    /// <summary>The tool.</summary>
    public static ToolRegistration Registration { get; } = new(_ => ToolFunction.Create("calculate", Calculate, "Calculates with decimal numbers, exactly."), ToolApproval.Never, IsBuiltIn: true);

    private static string Calculate([Description("Numbers with + - * / % and parentheses, such as (84.50 + 12) * 0.17; comparisons give true or false.")] string expression)
    {
        var (read, problem) = Expression.Parse(expression);
        if (read is null) throw new ToolException(problem!.Message);
        try
        {
            return TemplateValue.Text(read.Value(new Numbers()));
        }
        catch (TemplateException exception)
        {
            throw new ToolException(exception.Message);
        }
    }

    // Nothing but numbers: no path leads anywhere.
    private sealed class Numbers : TemplateScope
    {
        public override IReadOnlyList<string> Roots => [];

        public override bool TryGet(string root, out object? value)
        {
            value = null;
            return false;
        }
    }
}
