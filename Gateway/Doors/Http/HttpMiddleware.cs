using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>Puts the HTTP door's middleware into the pipeline.</summary>
internal static class HttpMiddleware
{
    /// <summary>Gives a problem body to what routing refuses under <c>/api</c>; goes first.</summary>
    public static IApplicationBuilder UseApiProblems(this IApplicationBuilder app) => app.UseMiddleware<BareStatusMiddleware>();

    /// <summary>Applies CORS and the admission to every request; goes after what recognises WebSockets and before the doors.</summary>
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<ConnectionAdmission>() is null) throw new InvalidOperationException("UseAdmission needs AddAdmission() on the services.");
        return app.UseCors().UseMiddleware<AdmissionMiddleware>();
    }
}
