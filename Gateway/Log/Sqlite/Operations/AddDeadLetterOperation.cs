using Gateway.Log.Sqlite.Connections;

namespace Gateway.Log.Sqlite.Operations;

/// <summary>Notes what a follower has given up, and moves its cursor behind it.</summary>
internal sealed class AddDeadLetterOperation(string follower, DeadLetter letter, int keep) : WriteOperation<bool>
{
    public override bool IsShort => true;

    protected override bool Write(WriterConnection connection)
    {
        connection.DeadLetters.Add(follower, letter, keep);
        connection.MoveCursor(follower, letter.SessionId, letter.Seq);
        return true;
    }
}
