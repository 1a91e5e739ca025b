namespace Gateway.Workflows;

/// <summary>The registered node kinds do not fit together; the gateway does not start with them.</summary>
public sealed class NodeShapeException(string message) : Exception(message);
