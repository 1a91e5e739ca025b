using Gateway.Log;
using Xunit;

namespace Gateway.Tests.Log;

/// <summary>What every store keeps of what followers could not pass on.</summary>
public abstract partial class SessionLogSuite
{
    private ILogDeadLetters Letters => (ILogDeadLetters)Log;

    [Fact]
    public async Task A_dead_letter_is_kept_and_the_cursor_is_behind_it()
    {
        await Cursors.FollowAsync("mail", Token);
        await Log.FillAsync("s-1", 5);

        await Letters.AddDeadLetterAsync("mail", Letter("s-1", 3), 10, Token);

        Assert.Equal(3, await CursorAsync("s-1"));
        var letter = Assert.Single(await Letters.ListDeadLettersAsync("mail", 0, 10, Token));
        Assert.Equal(("s-1-3", "s-1", 3L, "asked", Sample.Start, 7, "It is away."), (letter.Id, letter.SessionId, letter.Seq, letter.Kind, letter.At, letter.Tries, letter.Reason));
        Assert.Equal(DateTimeKind.Utc, letter.At.Kind);
        Assert.Equal("body"u8.ToArray(), letter.Body.ToArray());
        Assert.Equal(letter.Number, (await Letters.FindDeadLetterAsync("mail", "s-1-3", Token))!.Number);

        await Letters.AddDeadLetterAsync("mail", Letter("s-1", 3) with { Tries = 8, Reason = "Still." }, 10, Token);
        Assert.Equal((letter.Number, 8, "Still."), (await Letters.ListDeadLettersAsync("mail", 0, 10, Token)) is [var again] ? (again.Number, again.Tries, again.Reason) : default);

        Assert.True(await Letters.RemoveDeadLetterAsync("mail", "s-1-3", Token));
        Assert.False(await Letters.RemoveDeadLetterAsync("mail", "s-1-3", Token));
        Assert.Null(await Letters.FindDeadLetterAsync("mail", "s-1-3", Token));
        Assert.Equal(0, await Letters.CountDeadLettersAsync("mail", Token));
    }

    [Fact]
    public async Task The_oldest_dead_letters_of_a_follower_go_and_nobody_elses()
    {
        await Cursors.FollowAsync("mail", Token);
        await Cursors.FollowAsync("bill", Token);
        await Log.FillAsync("s-1", 5);
        await Letters.AddDeadLetterAsync("bill", Letter("s-1", 1), 2, Token);

        for (var seq = 1; seq <= 4; seq++) await Letters.AddDeadLetterAsync("mail", Letter("s-1", seq), 2, Token);

        Assert.Equal((2, 1), (await Letters.CountDeadLettersAsync("mail", Token), await Letters.CountDeadLettersAsync("bill", Token)));
        var first = Assert.Single(await Letters.ListDeadLettersAsync("mail", 0, 1, Token));
        var second = Assert.Single(await Letters.ListDeadLettersAsync("mail", first.Number, 10, Token));
        Assert.Equal((3L, 4L), (first.Seq, second.Seq));
    }

    [Fact]
    public async Task Dead_letters_go_with_their_session()
    {
        await Cursors.FollowAsync("mail", Token);
        await Log.FinishAsync("s-1", []);
        await Log.FinishAsync("s-2", []);
        foreach (var id in (string[])["s-1", "s-2", "nowhere"]) await Letters.AddDeadLetterAsync("mail", Letter(id, 1), 10, Token);
        await Letters.AddDeadLetterAsync("unknown", Letter("s-1", 1), 10, Token);

        Assert.Equal(2, await Letters.CountDeadLettersAsync("mail", Token));
        await Log.DeleteAsync("s-1", Token);
        Assert.Equal("s-2", Assert.Single(await Letters.ListDeadLettersAsync("mail", 0, 10, Token)).SessionId);
        await History.DeleteFinishedAsync(null, 0, 10, Token);
        Assert.Equal(0, await Letters.CountDeadLettersAsync("mail", Token));
    }

    [Fact]
    public async Task A_follower_stands_still_until_it_goes_on()
    {
        await Letters.HaltAsync("mail", "early", Token);
        Assert.Null(await Letters.FindHaltAsync("mail", Token));
        await Cursors.FollowAsync("mail", Token);

        await Letters.HaltAsync("mail", "gone", Token);
        await Cursors.FollowAsync("mail", Token);
        Assert.Equal("gone", await Letters.FindHaltAsync("mail", Token));

        await Letters.HaltAsync("mail", null, Token);
        Assert.Null(await Letters.FindHaltAsync("mail", Token));
    }

    private static DeadLetter Letter(string sessionId, long seq) =>
        new() { Id = $"{sessionId}-{seq}", SessionId = sessionId, Seq = seq, Kind = "asked", At = Sample.Start, Tries = 7, Reason = "It is away.", Body = "body"u8.ToArray() };
}
