using FsCheck;
using FsCheck.Fluent;
using Gateway.Client.Reading;
using Xunit;

namespace Gateway.Tests.Client;

public class StreamPositionsTests
{
    [Fact]
    public void Where_nothing_is_dropped_no_settled_gap_is_ever_seen() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>().Generator.ArrayOf().Resize(200).ToArbitrary(), CheckGapless)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void What_was_asked_for_at_a_later_position_may_be_on_its_way_even_when_none_of_it_has_arrived()
    {
        var streams = Moved(39, 0);

        streams.Saw(40, 40);
        Assert.False(streams.IsSettled);

        streams.Saw(1, 1);
        Assert.True(streams.IsSettled);
    }

    [Fact]
    public void Each_of_several_moves_is_waited_for()
    {
        var streams = Moved(14, 5, 21, 7);

        streams.Saw(6, 30);
        Assert.False(streams.IsSettled);
        streams.Saw(22, 30);
        Assert.False(streams.IsSettled);
        streams.Saw(8, 30);
        Assert.True(streams.IsSettled);
    }

    [Fact]
    public void A_gap_in_the_first_stream_is_one_at_once()
    {
        var streams = Moved(5);

        streams.Saw(7, 7);

        Assert.True(streams.IsSettled);
    }

    [Fact]
    public void A_stream_whose_first_event_is_missing_is_known_by_a_lower_seq()
    {
        var streams = Moved(0);
        streams.Saw(1, 4);
        streams.Saw(6, 6);
        streams.Move(4);
        streams.Saw(7, 7);
        Assert.False(streams.IsSettled);

        streams.Saw(6, 6);

        Assert.True(streams.IsSettled);
    }

    [Fact]
    public void A_new_connection_knows_nothing_of_the_last_one()
    {
        var streams = Moved(5, 2);

        streams.Reset();
        streams.Move(2);
        streams.Saw(4, 4);

        Assert.True(streams.IsSettled);
    }

    private static StreamPositions Moved(params long[] positions)
    {
        var streams = new StreamPositions();
        foreach (var position in positions) streams.Move(position);
        return streams;
    }

    // The gateway sends stream after stream, each from behind its position on, and leaves one for the next at any event; the
    // client has asked for any number of later ones by then. A reader at the last position must not see a gap that counts.
    private static void CheckGapless(int[] choices)
    {
        var tape = new Queue<int>(choices);
        int Pick(int below) => tape.TryDequeue(out var choice) ? (int)((uint)choice % (uint)below) : 0;

        var (streams, moves, need) = (new StreamPositions(), new Queue<long>(), 0L);
        void Move(long position)
        {
            streams.Move(position);
            moves.Enqueue(position);
            need = position + 1;
        }

        Move(Pick(30));
        while (moves.TryDequeue(out var sent))
        {
            while (sent < 40 && tape.Count > 0)
            {
                if (Pick(3) == 0) Move(Pick(30));
                if (moves.Count > 0 && Pick(3) == 0) break;

                var (first, last) = (sent + 1, Math.Min(40, sent + 1 + Pick(4)));
                streams.Saw(first, last);
                sent = last;
                if (first > need) Assert.False(streams.IsSettled, $"A gap before {first} counts, though the reader of {need} will get it.");
                else if (first == need) need = last + 1;
                else if (last >= need) streams.Unsettle();
            }
        }
    }
}
