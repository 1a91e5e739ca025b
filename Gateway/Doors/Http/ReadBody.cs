using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>What a body says, and what a large one has taken until it is done with.</summary>
internal readonly record struct ReadBody<T>(T Data, ByteShare? Share) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Share?.Dispose();
}
