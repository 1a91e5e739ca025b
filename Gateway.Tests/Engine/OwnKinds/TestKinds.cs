using Gateway.Engine;
using Gateway.Engine.Nodes;
using Gateway.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Engine.OwnKinds;

/// <summary>The tables of node kinds that tests below the whole gateway use.</summary>
internal static class TestKinds
{
    /// <summary>The kinds of every gateway.</summary>
    public static NodeKinds BuiltIn { get; } = Table(new ServiceCollection().AddSingleton(TestTools.BuiltIn).AddNodeKinds());

    /// <summary>Those and the kinds of the tests.</summary>
    public static NodeKinds All { get; } = Table(new ServiceCollection().AddSingleton(TestTools.BuiltIn).AddNodeKinds().AddNodeKind<WaitForAllTokens>().AddNodeKind<Route>().AddNodeKind<Endless>().AddNodeKind<Patient>());

    /// <summary>Checks definitions against the kinds of every gateway.</summary>
    public static WorkflowValidator Validator { get; } = new(BuiltIn.Shapes, TestTools.BuiltIn);

    private static NodeKinds Table(IServiceCollection services) => new(services.BuildServiceProvider().GetServices<INodeKind>());
}
