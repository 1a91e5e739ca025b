using System.Globalization;
using System.Text;
using Gateway.Benchmarks.Conformance.Lines;
using Gateway.Benchmarks.Conformance.Messages;
using Gateway.Contracts;

namespace Gateway.Benchmarks.Conformance.Faults;

/// <summary>Passes the messages of one connection on to its client, and plays the fault where it is due.</summary>
/// <remarks>One message at a time: each call is awaited before the next one.</remarks>
internal sealed class FaultPlayer(MessageFormat format, FaultPlan plan, FaultRuns runs, ClientLine client, Action restart)
{
    private const int Pieces = 20;
    private const int HugeBytes = 1024 * 1024;
    private static readonly TimeSpan BetweenPieces = TimeSpan.FromMilliseconds(2);

    // What was handed to the system is on its way, and is not taken back when the connection breaks.
    private static readonly TimeSpan UntilSent = TimeSpan.FromMilliseconds(5);

    private (ReadOnlyMemory<byte> Message, EventFrame Frame)? _held;
    private bool _clockIsBack = true;
    private FaultRun? _run;

    /// <summary>Whether a message is held until the next one has overtaken it.</summary>
    public bool Holds => _held is not null;

    /// <summary>Passes a message on.</summary>
    public async Task PassAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        // What a client does not get any more has not happened to it.
        if (client.IsOver) return;
        if (plan.Fault == Fault.None || format.Read(message) is not { } frame)
        {
            await client.SendAsync(message, cancellationToken);
            return;
        }

        if (_run is null)
        {
            _run = runs.Of(frame.SessionId, plan);
            _run.Connect();
        }

        // Connections that watch several sessions have the fault played to the first.
        var isDue = _run.SessionId == frame.SessionId && _run.IsDue(frame);
        if (_held is { } held)
        {
            _held = null;
            await client.SendAsync(message, cancellationToken);
            await client.SendAsync(held.Message, cancellationToken);
            _run.NotePlayed(held.Frame.Seq);
        }
        else if (!isDue && _clockIsBack)
        {
            await client.SendAsync(message, cancellationToken);
        }
        else
        {
            await PlayAsync(message, frame, cancellationToken);
        }
    }

    /// <summary>Sends what is held though nothing has overtaken it: nothing comes any more for the moment.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_held is not { } held) return;
        _held = null;
        await client.SendAsync(held.Message, cancellationToken);
    }

    /// <summary>The gateway has gone, and with it the connection.</summary>
    public void GatewayLost()
    {
        if (plan.Fault == Fault.Restart) _run?.NotePlayed();
    }

    private async Task PlayAsync(ReadOnlyMemory<byte> message, EventFrame frame, CancellationToken cancellationToken)
    {
        switch (plan.Fault.Name)
        {
            case "reorder":
                _held = (message, frame);
                return;
            case "clock":
                await ShiftAsync(message, frame, cancellationToken);
                return;
        }

        _run!.NotePlayed(frame.Seq);
        switch (plan.Fault.Name)
        {
            case "drop":
                await client.SendPartAsync(message[..(message.Length / 2)], isLast: false, cancellationToken);
                await Task.Delay(UntilSent, cancellationToken);
                client.Break();
                break;
            case "cut":
                await client.SendAsync(message, cancellationToken);
                await Task.Delay(UntilSent, cancellationToken);
                client.Break();
                break;
            case "away":
                await client.SendAsync(message, cancellationToken);
                await client.CloseAsync(1012, "service restart", cancellationToken);
                break;
            case "goodbye":
                await client.SendAsync(message, cancellationToken);
                await client.CloseAsync(CloseCode.PolicyViolation, "do not come back", cancellationToken);
                break;
            case "lose":
                break;
            case "duplicate":
                await client.SendAsync(message, cancellationToken);
                await client.SendAsync(message, cancellationToken);
                break;
            case "stall":
                await Task.Delay(plan.Pause, cancellationToken);
                await client.SendAsync(message, cancellationToken);
                break;
            case "half-open":
                client.GoDead();
                break;
            case "restart":
                await client.SendAsync(message, cancellationToken);
                restart();
                break;
            case "slow":
                await TrickleAsync(message, cancellationToken);
                break;
            case "garbage":
                foreach (var garbage in format.Garbage(message, frame)) await client.SendAsync(garbage, cancellationToken);
                await client.SendAsync(message, cancellationToken);
                break;
            case "unknown":
                await client.SendAsync(format.Unknown(message, frame), cancellationToken);
                await client.SendAsync(format.Change(message, new FrameChange(Padding: "of a later version")), cancellationToken);
                break;
            case "huge":
                await client.SendAsync(format.Change(message, new FrameChange(Padding: Padding())), cancellationToken);
                break;
        }
    }

    private async Task ShiftAsync(ReadOnlyMemory<byte> message, EventFrame frame, CancellationToken cancellationToken)
    {
        var shift = TimeSpan.FromHours(_clockIsBack ? 1 : -1);
        _clockIsBack = !_clockIsBack;
        var time = DateTime.Parse(frame.Timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) + shift;
        _run!.NotePlayed(frame.Seq);
        await client.SendAsync(format.Change(message, new FrameChange(Timestamp: time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture))), cancellationToken);
    }

    private async Task TrickleAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var size = Math.Max(1, message.Length / Pieces);
        for (var sent = 0; sent < message.Length; sent += size)
        {
            var end = Math.Min(sent + size, message.Length);
            await client.SendPartAsync(message[sent..end], end == message.Length, cancellationToken);
            await Task.Delay(BetweenPieces, cancellationToken);
        }
    }

    // Of more than one byte a letter, so that pieces of a frame end within letters.
    private static string Padding() => new StringBuilder().Insert(0, "größer ", HugeBytes / "größer ".Length).ToString();
}
