using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace Gateway.Templates;

/// <summary>A value of a path as Fluid sees it; what is read of it is counted, and a member that is not there is a failure.</summary>
internal sealed class LiquidValue(object value, TemplateScope scope, string path) : FluidValue
{
    /// <summary>The value.</summary>
    public object Value => value;

    /// <inheritdoc/>
    public override FluidValues Type => value switch
    {
        _ when Words is not null => FluidValues.String,
        _ when TemplateValue.Items(value) is not null => FluidValues.Array,
        _ => FluidValues.Object,
    };

    /// <summary>A value for Fluid.</summary>
    public static FluidValue Wrap(object? value, TemplateScope scope, string path) => value switch
    {
        null => NilValue.Instance,
        bool truth => BooleanValue.Create(truth),
        decimal number => NumberValue.Create(number),
        _ => new LiquidValue(value, scope, path),
    };

    private string? Words => TemplateValue.Plain(value) as string;

    /// <inheritdoc/>
    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context)
    {
        scope.Take(1);
        return TemplateValue.TryMember(value, name, scope, out var member)
            ? Wrap(member, scope, $"{path}.{name}")
            : throw new TemplateException($"'{path}.{name}' leads nowhere: '{path}' is {TemplateValue.Kind(value)} and has no '{name}'.");
    }

    /// <inheritdoc/>
    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context)
    {
        if (index.Type != FluidValues.Number) return GetValueAsync(index.ToStringValue(), context);
        scope.Take(1);
        var number = (int)Math.Clamp(index.ToNumberValue(), int.MinValue, int.MaxValue);
        return TemplateValue.TryItem(value, number, scope, out var item)
            ? Wrap(item, scope, $"{path}[{number}]")
            : throw new TemplateException($"'{path}[{number}]' leads nowhere: '{path}' is {TemplateValue.Kind(value)} and has no such item.");
    }

    /// <inheritdoc/>
    public override IEnumerable<FluidValue> Enumerate(TemplateContext context)
    {
        var items = TemplateValue.Items(value) ?? throw new TemplateException($"'{path}' is {TemplateValue.Kind(value)}; 'for' goes through a list.");
        foreach (var (index, item) in items.Index())
        {
            scope.Take(scope.ItemCost + TemplateValue.Weight(item));
            yield return Wrap(item, scope, $"{path}[{index}]");
        }
    }

    /// <inheritdoc/>
    public override bool Contains(FluidValue other)
    {
        Count();
        if (Words is { } text) return text.Contains(other.ToStringValue(), StringComparison.Ordinal);
        return TemplateValue.Items(value)?.Any(item => Wrap(item, scope, path).Equals(other)) ?? false;
    }

    /// <inheritdoc/>
    public override bool Equals(FluidValue? other)
    {
        Count();
        return Words is { } text && other is { Type: FluidValues.String } && text == other.ToStringValue();
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FluidValue);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <inheritdoc/>
    public override bool ToBooleanValue() => true;

    /// <inheritdoc/>
    public override decimal ToNumberValue() =>
        value is string { Length: < 64 } text && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new TemplateException($"'{path}' is {TemplateValue.Kind(value)}, not a number.");

    /// <inheritdoc/>
    public override string ToStringValue()
    {
        Count();
        return value is ITemplateObject { Text: null } ? throw new TemplateException($"'{path}' has members and no text of its own; name one of them.") : TemplateValue.Text(value);
    }

    /// <inheritdoc/>
    public override object ToObjectValue() => value;

    /// <inheritdoc/>
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
        writer.Write(ToStringValue());
        return default;
    }

    private void Count() => scope.Take(TemplateValue.Weight(value));
}
