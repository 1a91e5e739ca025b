using Gateway.Tests.Client.TypeScript;
using Xunit;

namespace Gateway.Tests.Conformance;

/// <summary>The browser library, and the official client of SignalR with what <c>clients/signalr</c> adds to it, keep every promise too.</summary>
[Collection(KitCollection.Name)]
public sealed class JavaScriptConformanceTests(KitProcess kit)
{
    [Fact]
    public async Task The_browser_library_keeps_every_promise_through_every_fault()
    {
        await NodeLibrary.RequireAsync();
        await JavaScriptClients.AssertKeptAsync(JavaScriptClients.TypeScript, kit, KitFaults.All.Where(fault => fault != "restart"));
    }

    [Theory]
    [InlineData("json-websockets")]
    [InlineData("messagepack-websockets")]
    [InlineData("json-sse")]
    [InlineData("json-polling")]
    [InlineData("messagepack-polling")]
    public async Task The_client_of_SignalR_keeps_every_promise_through_every_fault(string wire)
    {
        JavaScriptClients.RequireSignalR();
        await JavaScriptClients.AssertKeptAsync(JavaScriptClients.SignalR, kit, KitFaults.All.Where(fault => fault is not ("restart" or "goodbye")), [wire]);
    }
}
