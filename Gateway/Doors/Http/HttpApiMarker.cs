namespace Gateway.Doors.Http;

/// <summary>Present when <see cref="HttpServices.AddHttpApi"/> was called.</summary>
internal sealed class HttpApiMarker;
