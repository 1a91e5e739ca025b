namespace Gateway.Engine.Calls;

/// <summary>Which node's work a call does: the node, its attempt, its round of a loop, and the step of its turn.</summary>
internal readonly record struct CallKey(string Node, int Attempt, int Iteration, int Step = 0);
