using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>Puts the HTTP door's middleware into the pipeline.</summary>
internal static class HttpMiddleware
{
    /// <summary>Gives a problem body to what routing refuses under <c>/api</c>; goes first.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="prefix">The path that the gateway is mapped under; empty for none.</param>
    public static IApplicationBuilder UseApiProblems(this IApplicationBuilder app, PathString prefix) => app.UseMiddleware<BareStatusMiddleware>(prefix);

    /// <summary>Applies CORS and the admission to every request; goes after what recognises WebSockets and before the doors.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="prefix">The path that the gateway is mapped under; empty for none.</param>
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app, PathString prefix)
    {
        if (app.ApplicationServices.GetService<ConnectionAdmission>() is null) throw new InvalidOperationException("UseAdmission needs AddAdmission() on the services.");
        return app.UseCors(AdmissionServices.CorsPolicy).UseMiddleware<AdmissionMiddleware>(prefix);
    }
}
