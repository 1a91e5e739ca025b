using Gateway.Log;

namespace Gateway.Tests.Doors.Http;

/// <summary>Nobody, who is told nothing.</summary>
public sealed class FakeSessionReaders : ISessionReaders
{
    public void Vanish(IReadOnlyCollection<string> sessionIds)
    {
    }
}
