using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Samples;

/// <summary>A gateway for the sample programs, with models in the hands of the tests.</summary>
public sealed class WatchFixture : GatedFixture;
