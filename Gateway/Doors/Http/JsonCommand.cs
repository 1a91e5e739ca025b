using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>A command that was read from a body, and what a large one has taken until it is done.</summary>
internal readonly record struct JsonCommand(object Data, ByteShare? Share) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Share?.Dispose();
}
