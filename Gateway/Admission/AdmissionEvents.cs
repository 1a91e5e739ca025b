namespace Gateway.Admission;

/// <summary>The numbers of the log events of the admission: 1100 to 1199.</summary>
internal static class AdmissionEvents
{
    public const int PageRefused = 1100;
    public const int HostRefused = 1101;
}
