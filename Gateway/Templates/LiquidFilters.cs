using System.Text.Json;
using Fluid;
using Fluid.Values;

namespace Gateway.Templates;

/// <summary>The filters of templates: those of Liquid that cannot look anything up, each counting what it reads and makes.</summary>
/// <remarks>Fluid's own are many more; some look at the clock, some match patterns, some make much of little.</remarks>
internal static class LiquidFilters
{
    /// <summary>Where the scope of a rendering lies among Fluid's ambient values.</summary>
    public const string Scope = "gateway";

    private static readonly Dictionary<string, Func<FluidValue, FilterArguments, TemplateScope, FluidValue>> All = new(StringComparer.Ordinal)
    {
        ["size"] = (input, _, _) => input.Type == FluidValues.String ? NumberValue.Create(input.ToStringValue().Length) : Listed(input) is { } list ? NumberValue.Create(list.Count()) : NumberValue.Zero,
        ["first"] = (input, _, scope) => Wrap(Listed(input)?.FirstOrDefault(), scope),
        ["last"] = (input, _, scope) => Wrap(Listed(input)?.LastOrDefault(), scope),
        ["default"] = (input, arguments, _) => input.IsNil() || (input.Type == FluidValues.String && input.ToStringValue().Length == 0) || (input.Type == FluidValues.Boolean && !input.ToBooleanValue()) ? arguments.At(0) : input,
        ["json"] = (input, _, scope) => Made(Json(input), scope),
        ["upcase"] = (input, _, scope) => Made(input.ToStringValue().ToUpperInvariant(), scope),
        ["downcase"] = (input, _, scope) => Made(input.ToStringValue().ToLowerInvariant(), scope),
        ["strip"] = (input, _, scope) => Made(input.ToStringValue().Trim(), scope),
        ["truncate"] = (input, arguments, scope) => Made(Cut(input.ToStringValue(), arguments.At(0), arguments.At(1)), scope),
        ["append"] = (input, arguments, scope) => Made(input.ToStringValue() + arguments.At(0).ToStringValue(), scope),
        ["prepend"] = (input, arguments, scope) => Made(arguments.At(0).ToStringValue() + input.ToStringValue(), scope),
        ["replace"] = (input, arguments, scope) => Replace(input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue(), scope),
        ["join"] = (input, arguments, scope) => Join(input, arguments.At(0).IsNil() ? " " : arguments.At(0).ToStringValue(), scope),
        ["plus"] = (input, arguments, _) => NumberValue.Create(input.ToNumberValue() + arguments.At(0).ToNumberValue()),
        ["minus"] = (input, arguments, _) => NumberValue.Create(input.ToNumberValue() - arguments.At(0).ToNumberValue()),
        ["times"] = (input, arguments, _) => NumberValue.Create(input.ToNumberValue() * arguments.At(0).ToNumberValue()),
        ["divided_by"] = (input, arguments, _) => NumberValue.Create(input.ToNumberValue() / Divisor(arguments)),
        ["modulo"] = (input, arguments, _) => NumberValue.Create(input.ToNumberValue() % Divisor(arguments)),
        ["round"] = (input, arguments, _) => NumberValue.Create(Math.Round(input.ToNumberValue(), (int)Math.Clamp(arguments.At(0).IsNil() ? 0 : arguments.At(0).ToNumberValue(), 0, 28), MidpointRounding.AwayFromZero)),
        ["abs"] = (input, _, _) => NumberValue.Create(Math.Abs(input.ToNumberValue())),
        ["at_least"] = (input, arguments, _) => NumberValue.Create(Math.Max(input.ToNumberValue(), arguments.At(0).ToNumberValue())),
        ["at_most"] = (input, arguments, _) => NumberValue.Create(Math.Min(input.ToNumberValue(), arguments.At(0).ToNumberValue())),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>Puts them in place of Fluid's.</summary>
    public static void AddTo(FilterCollection filters)
    {
        foreach (var (name, filter) in All)
        {
            filters.AddFilter(name, (input, arguments, context) =>
            {
                var scope = (TemplateScope)context.AmbientValues[Scope];
                scope.Take(64);
                return filter(input, arguments, scope);
            });
        }
    }

    private static StringValue Made(string text, TemplateScope scope)
    {
        scope.Take(text.Length);
        return new StringValue(text);
    }

    private static FluidValue Wrap(object? item, TemplateScope scope) => LiquidValue.Wrap(item, scope, "item");

    private static IEnumerable<object?>? Listed(FluidValue input) => input is LiquidValue { Value: var value } ? TemplateValue.Items(value) : null;

    private static string Json(FluidValue input) => input switch
    {
        _ when input.IsNil() => "null",
        BooleanValue truth => truth.ToBooleanValue() ? "true" : "false",
        NumberValue number => TemplateValue.Text(number.ToNumberValue()),
        LiquidValue { Value: JsonElement json } => json.GetRawText(),
        LiquidValue { Value: IReadOnlyList<string> list } => $"[{string.Join(',', list.Select(Quoted))}]",
        _ => Quoted(input.ToStringValue()),
    };

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Cut(string text, FluidValue length, FluidValue ellipsis)
    {
        var most = (int)Math.Clamp(length.IsNil() ? 50 : length.ToNumberValue(), 0, int.MaxValue);
        if (text.Length <= most) return text;
        var end = ellipsis.IsNil() ? "..." : ellipsis.ToStringValue();
        return string.Concat(text.AsSpan(0, Math.Max(0, most - end.Length)), end);
    }

    private static StringValue Replace(string text, string from, string to, TemplateScope scope)
    {
        if (from.Length == 0) return new StringValue(text);
        if (to.Length > from.Length) scope.Take((long)text.AsSpan().Count(from) * to.Length);
        return Made(text.Replace(from, to, StringComparison.Ordinal), scope);
    }

    private static FluidValue Join(FluidValue input, string separator, TemplateScope scope)
    {
        if (Listed(input) is not { } list) return input;
        var texts = new List<string>();
        foreach (var item in list)
        {
            texts.Add(TemplateValue.Text(item));
            scope.Take(16 + texts[^1].Length + separator.Length);
        }

        return Made(string.Join(separator, texts), scope);
    }

    private static decimal Divisor(FilterArguments arguments) =>
        arguments.At(0).ToNumberValue() is var number && number != 0 ? number : throw new TemplateException("The template divides by 0.");
}
