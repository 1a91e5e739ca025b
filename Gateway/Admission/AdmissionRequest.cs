using System.Net;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admission;

/// <summary>What the admission needs to know about a request.</summary>
/// <param name="Host">The host the client asked for.</param>
/// <param name="Origin">The web page the request comes from; empty when it comes from none.</param>
/// <param name="Address">The client's address; null when it has none.</param>
/// <param name="Acts">Whether the request changes something or opens a WebSocket, which no foreign page may do.</param>
/// <param name="Need">Whether the request takes a place among the connections.</param>
internal readonly record struct AdmissionRequest(HostString Host, StringValues Origin, IPAddress? Address, bool Acts, PlaceNeed Need);
