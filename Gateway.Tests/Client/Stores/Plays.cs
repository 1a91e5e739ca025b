using FsCheck;
using FsCheck.Fluent;
using Gateway.Tests.Engine;

namespace Gateway.Tests.Client.Stores;

/// <summary>Random sessions; the failing tape is printed and shrunk.</summary>
internal static class Plays
{
    public static void ForAll(int cases, Action<Play> property) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), tape => property(new Play(tape))).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(220));
}
