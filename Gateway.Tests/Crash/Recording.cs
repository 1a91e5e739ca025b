using System.Text;
using Gateway.Contracts;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>What one client has seen of one session: seq 1, 2, 3 ... and never anything else.</summary>
internal sealed class Recording(string client)
{
    private readonly Lock _gate = new();
    private readonly List<string> _frames = [];
    private readonly List<SessionEvent> _events = [];

    public string Client { get; } = client;

    /// <summary>The seq of the last event.</summary>
    public int LastSeq
    {
        get
        {
            lock (_gate) return _frames.Count;
        }
    }

    /// <summary>The frames so far.</summary>
    public IReadOnlyList<string> Frames
    {
        get
        {
            lock (_gate) return [.. _frames];
        }
    }

    /// <summary>The events so far.</summary>
    public IReadOnlyList<SessionEvent> Events
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    /// <summary>Notes the next event; it must be the next.</summary>
    public void Add(SessionEvent sessionEvent, string frame)
    {
        lock (_gate)
        {
            Assert.True(sessionEvent.Seq == _frames.Count + 1, $"{Client} saw event {sessionEvent.Seq} after event {_frames.Count}.");
            _frames.Add(frame);
            _events.Add(sessionEvent);
        }
    }

    /// <summary>Notes an event that was asked for once more, or the next one; an earlier one must be as it was.</summary>
    public bool AddAgain(SessionEvent sessionEvent, string frame)
    {
        lock (_gate)
        {
            if (sessionEvent.Seq > _frames.Count)
            {
                Add(sessionEvent, frame);
                return true;
            }

            Assert.True(_frames[(int)sessionEvent.Seq - 1] == frame, $"{Client} saw another event {sessionEvent.Seq}: first {_frames[(int)sessionEvent.Seq - 1]}, then {frame}.");
            return false;
        }
    }

    public static string FrameOf(SessionEvent sessionEvent) => Encoding.UTF8.GetString(EventSerializer.Serialize(sessionEvent));
}
