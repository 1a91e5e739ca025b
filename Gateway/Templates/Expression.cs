namespace Gateway.Templates;

/// <summary>A condition such as <c>nodes.score.json.total >= 90 and not (input.draft contains "?")</c>.</summary>
/// <remarks>
/// Reads paths and nothing else: no calls, no loops, no memory. So its cost follows from its length and from the texts that it reads.
/// A text that is compared is counted, see <see cref="TemplateScope.Take"/>.
/// </remarks>
internal sealed class Expression
{
    /// <summary>The longest expression, in characters.</summary>
    public const int MaxLength = 2000;

    private readonly Func<TemplateScope, object?> _value;
    private readonly int _length;

    private Expression(Func<TemplateScope, object?> value, int length, IReadOnlyList<TemplatePath> paths)
    {
        _value = value;
        _length = length;
        Paths = paths;
    }

    /// <summary>The paths that it reads.</summary>
    public IReadOnlyList<TemplatePath> Paths { get; }

    /// <summary>Reads an expression.</summary>
    /// <returns>It; or what is wrong with the text.</returns>
    public static (Expression? Expression, TemplateProblem? Problem) Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, new TemplateProblem("The expression is empty; write a condition such as nodes.score.json.total >= 90."));
        if (text.Length > MaxLength) return (null, new TemplateProblem($"The expression has {text.Length} characters; an expression has at most {MaxLength}."));
        var parser = new ExpressionParser(text);
        var value = parser.Parse();
        return value is null ? (null, new TemplateProblem(parser.Problem!)) : (new Expression(value, text.Length, parser.Paths), null);
    }

    /// <summary>Its value.</summary>
    /// <exception cref="TemplateException">A path leads nowhere, or two values cannot be compared or counted with.</exception>
    public object? Value(TemplateScope scope)
    {
        scope.Begin(_length);
        return _value(scope);
    }

    /// <summary>Whether it holds.</summary>
    /// <exception cref="TemplateException">As <see cref="Value"/>; or its value is not true or false.</exception>
    public bool Holds(TemplateScope scope) => Value(scope) switch
    {
        bool truth => truth,
        var other => throw new TemplateException($"The condition gives {TemplateValue.Kind(other)}, not true or false; compare it with something."),
    };
}
