using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>Says that everything a connection sends goes through <see cref="SocketPipeWriter"/>, so that its socket may be written directly.</summary>
internal sealed record DirectSocketFeature(Socket Socket);
