using Gateway.Delivery.Wires;

namespace Gateway.Delivery;

/// <summary>The connections that are sent the live events of every session, in the order in which they came.</summary>
/// <remarks>
/// One entry a connection, however many sessions there are. A feed remembers the number of the newest entry it has seen, and
/// looks, when its next event comes, whether somebody has come since: so a session that is silent costs a connection nothing.
/// </remarks>
internal sealed class BroadcastList
{
    private const int LeastToSweep = 64;

    private readonly Lock _gate = new();
    private readonly List<BroadcastMember> _members = [];
    private int _gone;
    private long _last;
    private Wire[] _wires = [];

    /// <summary>Number of the newest member; 0 before the first.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The wires that members have come on.</summary>
    public IReadOnlyList<Wire> Wires => Volatile.Read(ref _wires);

    /// <summary>How many members there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _members.Count - _gone;
        }
    }

    /// <summary>Adds a member: it gets every event that is published from now on.</summary>
    public BroadcastMember Join(SessionFeeds feeds, Wire wire)
    {
        lock (_gate)
        {
            if (!_wires.Contains(wire)) Volatile.Write(ref _wires, [.. _wires, wire]);
            var member = new BroadcastMember(feeds, this, _last + 1);
            _members.Add(member);
            Volatile.Write(ref _last, member.Number);
            return member;
        }
    }

    /// <summary>The members after one number, up to and with another.</summary>
    public IReadOnlyList<BroadcastMember> Between(long after, long upTo)
    {
        lock (_gate)
        {
            var (low, high) = (0, _members.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_members[middle].Number <= after) low = middle + 1;
                else high = middle;
            }

            var found = new List<BroadcastMember>(_members.Count - low);
            for (var i = low; i < _members.Count && _members[i].Number <= upTo; i++) found.Add(_members[i]);
            return found;
        }
    }

    /// <summary>A member has left; called once for each.</summary>
    public void Left()
    {
        lock (_gate)
        {
            if (++_gone < LeastToSweep || 2 * _gone < _members.Count) return;

            // Some of those that are removed have yet to be counted here: they left at the same moment.
            _gone -= _members.RemoveAll(member => member.HasLeft);
        }
    }
}
