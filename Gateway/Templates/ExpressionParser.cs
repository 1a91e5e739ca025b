using System.Globalization;

namespace Gateway.Templates;

/// <summary>Reads an expression into a function of what its paths lead to.</summary>
/// <remarks>
/// From loose to tight: <c>or</c>, <c>and</c>, <c>not</c>, one comparison, <c>+ -</c>, <c>* / %</c>, a sign. A <c>-</c> between two
/// letters or digits belongs to the name, because ids have it; with blanks around it, it subtracts.
/// </remarks>
internal sealed class ExpressionParser(string text)
{
    private const int MaxDepth = 32;

    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly List<TemplatePath> _paths = [];
    private int _at;
    private int _depth;

    /// <summary>The paths of what was read.</summary>
    public IReadOnlyList<TemplatePath> Paths => _paths;

    /// <summary>What is wrong with the text; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the whole text; null when there is a problem.</summary>
    public Func<TemplateScope, object?>? Parse()
    {
        try
        {
            var value = Or();
            SkipBlanks();
            if (_at < text.Length) throw Wrong($"Here the expression should be over, or go on with 'and', 'or' or a comparison, but it goes on with '{Rest()}'");
            return value;
        }
        catch (FormatException exception)
        {
            Problem = exception.Message;
            return null;
        }
    }

    private Func<TemplateScope, object?> Or()
    {
        var first = And();
        if (!TryWord("or")) return first;
        List<Func<TemplateScope, object?>> parts = [first, And()];
        while (TryWord("or")) parts.Add(And());
        return scope => parts.Any(part => Truth(part(scope), "or"));
    }

    private Func<TemplateScope, object?> And()
    {
        var first = Not();
        if (!TryWord("and")) return first;
        List<Func<TemplateScope, object?>> parts = [first, Not()];
        while (TryWord("and")) parts.Add(Not());
        return scope => parts.All(part => Truth(part(scope), "and"));
    }

    private Func<TemplateScope, object?> Not()
    {
        if (!TryWord("not")) return Comparison();
        var value = Nested(Not);
        return scope => !Truth(value(scope), "not");
    }

    private Func<TemplateScope, object?> Comparison()
    {
        var left = Sum();
        if (TryWord("contains"))
        {
            var part = Sum();
            return scope => Contains(scope, left(scope), part(scope));
        }

        SkipBlanks();
        if (Array.Find(Comparisons, symbol => text.AsSpan(_at).StartsWith(symbol)) is not { } found)
        {
            if (At('=')) throw Wrong("'=' compares nothing; write '=='");
            return left;
        }

        _at += found.Length;
        var right = Sum();
        return found switch
        {
            "==" => scope => AreEqual(scope, left(scope), right(scope)),
            "!=" => scope => !AreEqual(scope, left(scope), right(scope)),
            "<" => scope => Order(scope, left(scope), right(scope)) < 0,
            "<=" => scope => Order(scope, left(scope), right(scope)) <= 0,
            ">" => scope => Order(scope, left(scope), right(scope)) > 0,
            _ => scope => Order(scope, left(scope), right(scope)) >= 0,
        };
    }

    private Func<TemplateScope, object?> Sum()
    {
        var value = Product();
        while (true)
        {
            SkipBlanks();
            if (!At('+') && !At('-')) return value;
            value = Arithmetic(text[_at++], value, Product());
        }
    }

    private Func<TemplateScope, object?> Product()
    {
        var value = Signed();
        while (true)
        {
            SkipBlanks();
            if (!At('*') && !At('/') && !At('%')) return value;
            value = Arithmetic(text[_at++], value, Signed());
        }
    }

    private Func<TemplateScope, object?> Signed()
    {
        SkipBlanks();
        if (!At('-')) return Primary();
        _at++;
        var value = Nested(Signed);
        return scope => -Number(value(scope), '-');
    }

    private Func<TemplateScope, object?> Primary()
    {
        SkipBlanks();
        if (_at == text.Length) throw Wrong("The expression ends where a value should stand");
        var c = text[_at];
        if (c == '(')
        {
            _at++;
            var inner = Nested(Or);
            SkipBlanks();
            if (!At(')')) throw Wrong("The ')' is missing");
            _at++;
            return inner;
        }

        if (c is '"' or '\'') return Literal(Quoted(c));
        if (char.IsAsciiDigit(c)) return Literal(Number());
        if (!IsNameStart(c)) throw Wrong($"Here a path, a number, a text in quotes or '(' should stand, not '{Rest()}'");
        var name = Name();
        return name switch
        {
            "true" => Literal(true),
            "false" => Literal(false),
            "null" or "nil" => Literal(null),
            "and" or "or" or "not" or "contains" => throw Wrong($"'{name}' stands where a value should stand"),
            _ => Path(name),
        };
    }

    private Func<TemplateScope, object?> Path(string root)
    {
        List<object> steps = [];
        List<string> names = [root];
        while (_at < text.Length)
        {
            if (At('.'))
            {
                _at++;
                if (_at == text.Length || !IsNamePart(text[_at])) throw Wrong("A name should follow the '.'");
                names.Add(Name());
                steps.Add(names[^1]);
            }
            else if (At('['))
            {
                _at++;
                SkipBlanks();
                if (At('"') || At('\''))
                {
                    names.Add(Quoted(text[_at]));
                    steps.Add(names[^1]);
                }
                else
                {
                    var start = _at;
                    if (At('-')) _at++;
                    while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
                    if (!int.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)) throw Wrong("Between '[' and ']' stands a whole number or a name in quotes");
                    names.Add($"[{index}]");
                    steps.Add(index);
                }

                SkipBlanks();
                if (!At(']')) throw Wrong("The ']' is missing");
                _at++;
            }
            else
            {
                break;
            }
        }

        var path = new TemplatePath(names);
        _paths.Add(path);
        return scope => Read(scope, path, steps);
    }

    private static object? Read(TemplateScope scope, TemplatePath path, List<object> steps)
    {
        if (!scope.TryGet(path.Root, out var value)) throw new TemplateException($"'{path}' leads nowhere: paths begin with {string.Join(", ", scope.Roots)}.");
        for (var i = 0; i < steps.Count; i++)
        {
            scope.Take(1);
            if (steps[i] is int index ? TemplateValue.TryItem(value, index, scope, out var next) : TemplateValue.TryMember(value, (string)steps[i], scope, out next)) value = next;
            else throw new TemplateException($"'{path}' leads nowhere: '{string.Join('.', path.Names.Take(i + 1))}' is {TemplateValue.Kind(value)} and has no '{path.Names[i + 1]}'.");
        }

        return TemplateValue.Plain(value);
    }

    private static bool Contains(TemplateScope scope, object? whole, object? part)
    {
        scope.Take(TemplateValue.Weight(whole) + TemplateValue.Weight(part));
        if (whole is string text) return part is string word ? text.Contains(word, StringComparison.Ordinal) : throw new TemplateException($"A text contains text, not {TemplateValue.Kind(part)}.");
        if (whole is IReadOnlyList<string> said) return part is string words && said.Any(one => one.Contains(words, StringComparison.Ordinal));
        return TemplateValue.Items(whole)?.Any(item => Same(item, part)) ?? throw new TemplateException($"Only a text or a list contains something, not {TemplateValue.Kind(whole)}.");
    }

    private static bool AreEqual(TemplateScope scope, object? left, object? right)
    {
        scope.Take(TemplateValue.Weight(left) + TemplateValue.Weight(right));
        return Same(left, right);
    }

    private static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (decimal a, decimal b) => a == b,
        (bool a, bool b) => a == b,
        (string a, string b) => a == b,
        _ => false,
    };

    private static int Order(TemplateScope scope, object? left, object? right)
    {
        scope.Take(TemplateValue.Weight(left) + TemplateValue.Weight(right));
        return (left, right) switch
        {
            (decimal a, decimal b) => a.CompareTo(b),
            (string a, string b) => string.CompareOrdinal(a, b),
            _ => throw new TemplateException($"{TemplateValue.Kind(left)} and {TemplateValue.Kind(right)} have no order; compare two numbers or two texts."),
        };
    }

    private static Func<TemplateScope, object?> Arithmetic(char symbol, Func<TemplateScope, object?> left, Func<TemplateScope, object?> right) => scope =>
    {
        var (a, b) = (Number(left(scope), symbol), Number(right(scope), symbol));
        if (b == 0 && symbol is '/' or '%') throw new TemplateException("The expression divides by 0.");
        try
        {
            return symbol switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => a % b };
        }
        catch (OverflowException)
        {
            throw new TemplateException($"{TemplateValue.Text(a)} {symbol} {TemplateValue.Text(b)} is too large to be counted with.");
        }
    };

    private static decimal Number(object? value, char symbol) =>
        value is decimal number ? number : throw new TemplateException($"'{symbol}' counts with numbers, not with {TemplateValue.Kind(value)}.");

    private static bool Truth(object? value, string word) =>
        value is bool truth ? truth : throw new TemplateException($"'{word}' stands beside {TemplateValue.Kind(value)}, which is not true or false.");

    private static Func<TemplateScope, object?> Literal(object? value) => _ => value;

    private Func<TemplateScope, object?> Nested(Func<Func<TemplateScope, object?>> read)
    {
        if (++_depth > MaxDepth) throw Wrong($"More than {MaxDepth} parts stand within each other");
        var value = read();
        _depth--;
        return value;
    }

    private string Quoted(char quote)
    {
        var end = text.IndexOf(quote, _at + 1);
        if (end < 0) throw Wrong($"The closing {quote} is missing");
        var content = text[(_at + 1)..end];
        _at = end + 1;
        return content;
    }

    private decimal Number()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        if (At('.') && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1]))
        {
            _at++;
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        }

        if (_at < text.Length && IsNamePart(text[_at])) throw Wrong($"'{text[start..(_at + 1)]}' is not a number");
        return decimal.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("The number is too large to be counted with");
    }

    private string Name()
    {
        var start = _at;
        while (_at < text.Length && (IsNamePart(text[_at]) || (text[_at] == '-' && _at + 1 < text.Length && IsNamePart(text[_at + 1])))) _at++;
        return text[start.._at];
    }

    private bool TryWord(string word)
    {
        SkipBlanks();
        var end = _at + word.Length;
        if (!text.AsSpan(_at).StartsWith(word) || (end < text.Length && (IsNamePart(text[end]) || text[end] is '.' or '-' or '['))) return false;
        _at = end;
        return true;
    }

    private bool At(char c) => _at < text.Length && text[_at] == c;

    private void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private string Rest() => text.Length - _at <= 20 ? text[_at..] : text[_at..(_at + 20)] + "...";

    private FormatException Wrong(string sentence) => new($"{sentence} (at character {_at + 1}).");

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
