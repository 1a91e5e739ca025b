using Gateway.Admission;

namespace Gateway.Doors.Http;

/// <summary>Puts the admission before the doors, for requests that come through HTTP.</summary>
public static class AdmissionGates
{
    /// <summary>Refuses connections that are too many; goes after what recognises WebSockets and before the doors.</summary>
    public static IApplicationBuilder UseConnectionLimits(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<ConnectionLimiter>() is null) throw new InvalidOperationException("UseConnectionLimits needs AddLimits() on the services.");
        return app.UseMiddleware<ConnectionGate>();
    }

    /// <summary>Applies the rules for web pages to every address; goes after whatever recognises WebSockets.</summary>
    public static IApplicationBuilder UseOrigins(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<OriginPolicy>() is null) throw new InvalidOperationException("UseOrigins needs AddOrigins() on the services.");
        return app.UseCors().UseMiddleware<OriginGate>();
    }
}
