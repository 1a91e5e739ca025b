namespace Gateway.Tests.Models;

/// <summary>One thing a fake provider does in its answer.</summary>
internal delegate Task FakeStep(FakeCall call);
