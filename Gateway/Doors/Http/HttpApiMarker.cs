namespace Gateway.Doors.Http;

/// <summary>Present when <see cref="HttpApi.AddHttpApi"/> was called.</summary>
internal sealed class HttpApiMarker;
