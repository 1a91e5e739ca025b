using Gateway.Log;

namespace Gateway.Delivery;

/// <summary>Reads a session as one sequence: stored events, then live ones, with no seam.</summary>
public interface ISessionReader
{
    /// <summary>Every event after <paramref name="afterSeq"/>, in order; completes after the session's last.</summary>
    /// <exception cref="Refusals.GatewayException"><c>unknown_session</c>, or <c>seq_out_of_range</c> beyond the session's last event; both before the first item. <c>unknown_session</c> later: it has been deleted.</exception>
    /// <exception cref="DamagedLogException">The log cannot be read on.</exception>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string sessionId, long afterSeq, CancellationToken cancellationToken);
}
