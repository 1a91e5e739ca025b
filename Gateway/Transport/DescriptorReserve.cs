using Gateway.Admission;
using Gateway.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Transport;

/// <summary>Keeps some of the process's file descriptors from connections, whatever they speak.</summary>
/// <remarks>
/// The runtime ends the process when it finds no descriptor for memory or code it needs, and the store and the models need
/// some too. The system gives out the lowest number that is free, so the number of a connection's own descriptor tells how
/// many are in use at least: no counting, and nothing is forgotten.
/// </remarks>
internal sealed partial class DescriptorReserve
{
    /// <summary>The least that must be left beyond the start, else the gateway could serve nobody.</summary>
    public const int Least = 16;

    // For the store's readers, calls of models, and what the runtime opens by itself.
    private const int Most = 512;
    private const int Few = 64;

    private readonly int _limit;
    private readonly GatewayMetrics _metrics;
    private readonly ILogger<DescriptorReserve> _logger;
    private long _refused;

    /// <summary>A reserve within the limit of this process.</summary>
    public DescriptorReserve(GatewayMetrics metrics, ILogger<DescriptorReserve> logger)
        : this(DescriptorLimit.Read() ?? int.MaxValue, metrics, logger)
    {
    }

    internal DescriptorReserve(int limit, GatewayMetrics metrics, ILogger<DescriptorReserve> logger)
    {
        _limit = limit;
        Size = Math.Clamp(limit / 8, Few, Most);
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>How many descriptors connections do not get.</summary>
    public int Size { get; }

    /// <summary>Whether this connection may stay; one that may not is noted.</summary>
    public bool Allows(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket) return true;
        if (socket.Handle < _limit - Size)
        {
            if (Volatile.Read(ref _refused) > 0 && Interlocked.Exchange(ref _refused, 0) is > 0 and var refused) LogFree(refused);
            return true;
        }

        if (Interlocked.Increment(ref _refused) == 1) LogShort(_limit, Size);
        _metrics.Refused(LimitNames.Descriptors);
        return false;
    }

    /// <summary>Requires that the process may open enough to serve anybody; asked when it is about to listen.</summary>
    /// <exception cref="DescriptorsShortException">It may not; the sentence says how to raise the limit.</exception>
    public void RequireRoom()
    {
        if (_limit == int.MaxValue || OpenNow() is not { } open || open + Size + Least <= _limit) return;
        throw new DescriptorsShortException(
            $"The system lets the gateway have {_limit} files and sockets open, of which {open} are already and {Size} are kept in reserve: that leaves too few for connections. Raise the limit (ulimit -n, LimitNOFILE of systemd, --ulimit nofile of Docker).");
    }

    private static int? OpenNow()
    {
        // A folder with an entry for each, on Linux and macOS.
        const string Folder = "/dev/fd";
        try
        {
            return Directory.EnumerateFileSystemEntries(Folder).Count();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
