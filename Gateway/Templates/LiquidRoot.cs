using Fluid;
using Fluid.Values;

namespace Gateway.Templates;

/// <summary>What the paths of a template begin with, as Fluid sees it.</summary>
/// <param name="scope">The values.</param>
/// <param name="locals">Names of the template's own loops; Fluid asks here for one whose value is nothing.</param>
internal sealed class LiquidRoot(TemplateScope scope, IReadOnlySet<string> locals) : FluidValue
{
    /// <inheritdoc/>
    public override FluidValues Type => FluidValues.Object;

    /// <inheritdoc/>
    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context)
    {
        scope.Take(1);
        if (scope.TryGet(name, out var value)) return LiquidValue.Wrap(value, scope, name);
        return locals.Contains(name) ? NilValue.Instance : throw new TemplateException($"'{name}' leads nowhere: paths begin with {string.Join(", ", scope.Roots)}.");
    }

    /// <inheritdoc/>
    public override bool Equals(FluidValue? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override bool ToBooleanValue() => true;

    /// <inheritdoc/>
    public override decimal ToNumberValue() => 0;

    /// <inheritdoc/>
    public override string ToStringValue() => string.Empty;

    /// <inheritdoc/>
    public override object ToObjectValue() => this;
}
