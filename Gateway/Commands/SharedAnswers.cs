using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Engine;
using Gateway.Refusals;

namespace Gateway.Commands;

/// <summary>Large snapshots that are being written: all who are told one state share its text, which is made and counted once.</summary>
/// <param name="large">What they are counted against.</param>
/// <param name="time">The clock.</param>
/// <param name="encode">Makes the text.</param>
internal sealed class SharedAnswers(LargeMessages large, TimeProvider time, Func<SessionSnapshot, byte[]> encode)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionSnapshot, Answer> _answers = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many texts there are at this moment.</summary>
    public int Count
    {
        get { lock (_gate) return _answers.Count; }
    }

    /// <summary>How many readers they have.</summary>
    public int Readers
    {
        get { lock (_gate) return _answers.Values.Sum(answer => answer.Readings.Count); }
    }

    /// <summary>Whether a snapshot is one for here; others are written as they come.</summary>
    public static bool IsLarge(SessionSnapshot snapshot) => SnapshotSize.Characters(snapshot) > LargeMessages.Small;

    /// <summary>Takes the text of a snapshot for one reader, until it is disposed.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="end">Ends the writing to that reader, when it takes too long while others wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GatewayException"><c>limit_exceeded</c>.</exception>
    public async Task<Reading> TakeAsync(SessionSnapshot snapshot, Action end, CancellationToken cancellationToken)
    {
        Answer? answer;
        Reading reading;
        lock (_gate)
        {
            if (!_answers.TryGetValue(snapshot, out answer)) _answers.Add(snapshot, answer = new Answer());
            reading = new Reading(this, snapshot, answer, end, time.GetTimestamp());
            answer.Readings.Add(reading);

            // Not given up when the one who happens to be the first leaves.
            answer.Text ??= Task.Run(() => MakeAsync(snapshot, answer), CancellationToken.None);
        }

        try
        {
            reading.Text = await answer.Text.WaitAsync(cancellationToken);
            return reading;
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    private async Task<byte[]> MakeAsync(SessionSnapshot snapshot, Answer answer)
    {
        var share = await large.TakeForAnswerAsync(SnapshotSize.Bytes(snapshot), CancellationToken.None);
        try
        {
            var text = encode(snapshot);
            share.Resize(text.Length);

            // Before anybody who leaves can give it back.
            share.BeginTransfer(() => EndSlow(answer));
            lock (_gate)
            {
                if (answer.Readings.Count > 0) answer.Share = share;
            }

            if (answer.Share is null) share.Dispose();
            return text;
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private void EndSlow(Answer answer)
    {
        List<Reading> slow;
        lock (_gate) slow = [.. answer.Readings.Where(reading => time.GetElapsedTime(reading.Since) >= ByteBudget.LongestTransfer)];
        foreach (var reading in slow) reading.End();
    }

    private void Leave(Reading reading, SessionSnapshot snapshot, Answer answer)
    {
        ByteShare? share = null;
        lock (_gate)
        {
            if (!answer.Readings.Remove(reading) || answer.Readings.Count > 0) return;
            _answers.Remove(snapshot);
            share = answer.Share;
        }

        share?.Dispose();
    }

    /// <summary>The text as one reader has it.</summary>
    internal sealed class Reading : IDisposable
    {
        private readonly SharedAnswers _all;
        private readonly SessionSnapshot _snapshot;
        private readonly Answer _answer;
        private readonly Action _end;

        internal Reading(SharedAnswers all, SessionSnapshot snapshot, Answer answer, Action end, long since)
        {
            (_all, _snapshot, _answer, _end) = (all, snapshot, answer, end);
            Since = since;
        }

        /// <summary>The text.</summary>
        public byte[] Text { get; internal set; } = [];

        internal long Since { get; }

        /// <inheritdoc/>
        public void Dispose() => _all.Leave(this, _snapshot, _answer);

        internal void End() => _end();
    }

    internal sealed class Answer
    {
        public HashSet<Reading> Readings { get; } = [];

        public Task<byte[]>? Text { get; set; }

        public ByteShare? Share { get; set; }
    }
}
