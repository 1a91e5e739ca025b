using Gateway.Contracts;
using Gateway.Workflows.Building;

namespace Gateway.Workflows;

/// <summary>Registers workflows of the host.</summary>
public static class WorkflowServices
{
    /// <summary>Adds a workflow that is built in code: <c>AddWorkflow("ask", w => w.Start().Agent("answer", "Be brief.").End())</c>.</summary>
    /// <remarks>
    /// May be called before or after <c>AddGateway</c>. What is wrong with it keeps the gateway from starting, as with a file. It replaces one
    /// that comes along with the gateway, and is replaced by a file of <c>Gateway:WorkflowsPath</c> with its id.
    /// </remarks>
    /// <exception cref="ArgumentException">A name is given twice in it.</exception>
    public static IServiceCollection AddWorkflow(this IServiceCollection services, string id, Action<WorkflowBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var workflow = new WorkflowBuilder(id);
        build(workflow);
        return services.AddWorkflow(workflow.Build());
    }

    /// <summary>As the other overload, with a definition that is there; it needs an id.</summary>
    public static IServiceCollection AddWorkflow(this IServiceCollection services, WorkflowDefinition workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return services.AddSingleton(new HostWorkflow(workflow));
    }
}
