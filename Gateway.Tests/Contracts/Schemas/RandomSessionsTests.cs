using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Contracts;
using Gateway.Tests.Engine;
using Xunit;

namespace Gateway.Tests.Contracts.Schemas;

/// <summary>Whatever a random session says fits its schema; the failing tape is printed and shrunk.</summary>
public sealed class RandomSessionsTests
{
    [Fact]
    public void Every_event_and_snapshot_of_random_sessions_fits_its_schema() => ForAll(150, tape => Check(new Play(tape)));

    [Fact]
    public void Every_event_and_snapshot_of_random_flows_fits_its_schema() => ForAll(150, tape => Check(new Play(tape, build: RandomFlow.Build)));

    private static void Check(Play play)
    {
        foreach (var sessionEvent in play.Events)
        {
            var frame = JsonElement.Parse(EventSerializer.Serialize(sessionEvent));
            FrameSchemas.AssertFits(FrameNames.Of(frame), frame);
        }

        foreach (var count in (int[])[0, play.Events.Count / 3, play.Events.Count * 2 / 3, play.Events.Count])
        {
            var snapshot = Play.Fold(play.Header, play.Events.Take(count)).ToSnapshot();
            var frame = new SnapshotFrame { Event = ReplyNames.Snapshot, Timestamp = snapshot.CreatedAt, Seq = snapshot.LastSeq, Data = snapshot };
            FrameSchemas.AssertFits(Generated.JsonSchemas.Snapshot, JsonSerializer.SerializeToElement(frame, ContractsJson.Wire.SnapshotFrame));
        }

        FrameSchemas.AssertFits(nameof(WorkflowDefinition), JsonSerializer.SerializeToElement(play.Header.Workflow, ContractsJson.Wire.WorkflowDefinition));
    }

    private static void ForAll(int cases, Action<byte[]> property) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithStartSize(5).WithEndSize(220));
}
