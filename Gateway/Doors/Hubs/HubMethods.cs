using Gateway.Contracts;

namespace Gateway.Doors.Hubs;

/// <summary>Which method of <see cref="IWorkflowClient"/> carries which event.</summary>
public static class HubMethods
{
    /// <summary>The method's name for an event.</summary>
    public static string Of(SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionEvent<TokenStream> => nameof(IWorkflowClient.TokenStream),
        SessionEvent<NodeStateChange> => nameof(IWorkflowClient.NodeStateChange),
        SessionEvent<ParallelStart> => nameof(IWorkflowClient.ParallelStart),
        SessionEvent<TokenUsage> => nameof(IWorkflowClient.TokenUsage),
        SessionEvent<ExecutionPaused> => nameof(IWorkflowClient.ExecutionPaused),
        SessionEvent<ExecutionCompleted> => nameof(IWorkflowClient.ExecutionCompleted),
        SessionEvent<ExecutionError> => nameof(IWorkflowClient.Error),
        _ => throw new ArgumentException($"'{sessionEvent.Event}' has no hub method.", nameof(sessionEvent)),
    };
}
