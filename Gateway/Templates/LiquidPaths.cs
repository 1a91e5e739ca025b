using Fluid.Ast;
using Fluid.Values;
using FluidExpression = Fluid.Ast.Expression;

namespace Gateway.Templates;

/// <summary>Collects the paths that a template reads, and refuses what a template may not do.</summary>
internal sealed class LiquidPaths : AstVisitor
{
    private readonly List<TemplatePath> _paths = [];
    private readonly HashSet<string> _locals = new(StringComparer.Ordinal) { "forloop", "parentloop" };

    /// <summary>The paths that do not begin with a name of its own loops.</summary>
    public IReadOnlyList<TemplatePath> Paths => [.. _paths.Where(path => !_locals.Contains(path.Root))];

    /// <summary>The names that its own loops give.</summary>
    public IReadOnlySet<string> Locals => _locals;

    /// <summary>What it may not do; null when it does nothing of the kind.</summary>
    public TemplateProblem? Problem { get; private set; }

    /// <inheritdoc/>
    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        _locals.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }

    /// <inheritdoc/>
    protected override FluidExpression VisitRangeExpression(RangeExpression rangeExpression)
    {
        Problem ??= new TemplateProblem("A range of numbers is not supported; 'for' goes through a list.");
        return rangeExpression;
    }

    /// <inheritdoc/>
    protected override FluidExpression VisitFilterExpression(FilterExpression filterExpression)
    {
        if (!LiquidFilters.Names.Contains(filterExpression.Name)) Problem ??= new TemplateProblem($"Unknown filter '{filterExpression.Name}'; the filters are {string.Join(", ", LiquidFilters.Names.Order(StringComparer.Ordinal))}.");
        return base.VisitFilterExpression(filterExpression);
    }

    /// <inheritdoc/>
    protected override FluidExpression VisitMemberExpression(MemberExpression memberExpression)
    {
        var names = new List<string>();
        foreach (var segment in memberExpression.Segments)
        {
            if (Name(segment) is not { } name) break;
            names.Add(name);
        }

        if (names.Count > 0) _paths.Add(new TemplatePath(names));
        return base.VisitMemberExpression(memberExpression);
    }

    // What stands in brackets and is a path itself is known only when it is read.
    private static string? Name(MemberSegment segment) => segment switch
    {
        IdentifierSegment identifier => identifier.Identifier,
        IndexerSegment { Expression: LiteralExpression { Value: StringValue name } } => name.ToStringValue(),
        IndexerSegment { Expression: LiteralExpression { Value: NumberValue index } } => $"[{index.ToStringValue()}]",
        _ => null,
    };
}
