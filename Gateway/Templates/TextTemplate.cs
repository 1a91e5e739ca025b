using Fluid;

namespace Gateway.Templates;

/// <summary>A text with values in it, such as <c>Judge this: {{ nodes.pro.text }}</c>.</summary>
/// <remarks>
/// Liquid, by Fluid: outputs with the filters of <see cref="LiquidFilters"/>, <c>if</c>, <c>unless</c>, <c>for</c> over lists. Definitions come from
/// anybody, so there is nothing that remembers (<c>assign</c>, <c>capture</c>), counts up (ranges) or loads something. What is left is bounded by
/// the length of the template, its steps, and the characters it reads and writes (<see cref="TemplateScope.Take"/>).
/// </remarks>
internal sealed class TextTemplate
{
    /// <summary>The longest template, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    // Steps times length bounds what is evaluated; a template without loops always has enough.
    private const int StepsTimesLength = 2_000_000;

    private static readonly string[] Tags = ["if", "unless", "for", "break", "continue"];
    private static readonly FluidParser Parser = CreateParser();
    private static readonly TemplateOptions Options = CreateOptions();

    private readonly string _text;
    private readonly IFluidTemplate? _template;
    private readonly IReadOnlySet<string> _locals;
    private readonly int _maxSteps;

    private TextTemplate(string text, IFluidTemplate? template, LiquidPaths? paths, int tags)
    {
        _text = text;
        _template = template;
        _locals = paths?.Locals ?? new HashSet<string>();
        _maxSteps = 2 * tags + 10 + StepsTimesLength / Math.Max(1, text.Length);
        Paths = paths?.Paths ?? [];
    }

    /// <summary>The paths that it reads.</summary>
    public IReadOnlyList<TemplatePath> Paths { get; }

    /// <summary>Whether a text says something else than itself.</summary>
    public static bool IsTemplate(string text) => text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <returns>It; or what is wrong with the text.</returns>
    public static (TextTemplate? Template, TemplateProblem? Problem) Parse(string text)
    {
        if (!IsTemplate(text)) return (new TextTemplate(text, null, null, 0), null);
        if (text.Length > MaxLength) return (null, new TemplateProblem($"The template has {text.Length} characters; a template has at most {MaxLength}."));
        var (tags, problem) = LiquidScan.Run(text);
        if (problem is not null) return (null, problem);
        if (!Parser.TryParse(text, out var template, out var error)) return (null, new TemplateProblem(Sentence(error)));
        var paths = new LiquidPaths();
        paths.VisitTemplate(template);
        return paths.Problem is null ? (new TextTemplate(text, template, paths, tags), null) : (null, paths.Problem);
    }

    /// <summary>The text with the values in it.</summary>
    /// <exception cref="TemplateException">A path leads nowhere, or a limit is reached.</exception>
    public string Render(TemplateScope scope)
    {
        if (_template is null) return _text;
        scope.Begin(_text.Length);
        var context = new TemplateContext(new LiquidRoot(scope, _locals), Options) { MaxSteps = _maxSteps };
        context.AmbientValues[LiquidFilters.Scope] = scope;
        using var writer = new LiquidWriter(scope);
        try
        {
            // Nothing of it waits, so the task is over when it is returned.
            _template.RenderAsync(writer, NullEncoder.Default, context).AsTask().GetAwaiter().GetResult();
            return writer.ToString();
        }
        catch (TemplateException)
        {
            throw;
        }
        catch (OverflowException)
        {
            throw new TemplateException("The template counts with a number that is too large.");
        }
        catch (Exception exception)
        {
            throw new TemplateException(exception.Message.Contains("recursion", StringComparison.OrdinalIgnoreCase) ? "The template takes too many steps; make its loops shorter." : $"The template fails: {Sentence(exception.Message)}");
        }
    }

    // The parser quotes the source below its sentence.
    private static string Sentence(string message)
    {
        var line = message.AsSpan().TrimStart();
        var end = line.IndexOfAny('\r', '\n');
        var sentence = (end < 0 ? line : line[..end]).TrimEnd().TrimEnd('.').ToString();
        return (sentence.Length > 300 ? sentence[..300] + "..." : sentence) + ".";
    }

    private static FluidParser CreateParser()
    {
        var parser = new FluidParser();
        foreach (var tag in parser.RegisteredTags.Keys.Except(Tags).ToList()) parser.RegisteredTags.Remove(tag);
        return parser;
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { MaxRecursion = LiquidScan.MaxDepth + 8, ModelNamesComparer = StringComparer.Ordinal };
        LiquidFilters.AddTo(options.Filters);
        return options;
    }
}
