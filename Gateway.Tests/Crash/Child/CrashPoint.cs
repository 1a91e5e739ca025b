using System.Globalization;

namespace Gateway.Tests.Crash.Child;

/// <summary>Where a gateway is killed: a moment of the n-th call of a kind, see <see cref="CrashKind"/>.</summary>
internal sealed record CrashPoint(CrashMoment Moment, string Kind, int Occurrence = 1)
{
    public static CrashPoint Parse(string text)
    {
        var parts = text.Split(':');
        return new CrashPoint(Enum.Parse<CrashMoment>(parts[0]), parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Moment}:{Kind}:{Occurrence}");
}
