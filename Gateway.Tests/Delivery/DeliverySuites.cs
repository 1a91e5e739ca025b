using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Xunit;

namespace Gateway.Tests.Delivery;

public sealed class RawSocketDelivery(SocketFixture gateway) : DeliverySuite(gateway), IClassFixture<SocketFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await RawReader.ConnectAsync(Gateway, $"/ws?session_id={sessionId}&after_seq={afterSeq}");
}

public sealed class RawTestHostDelivery(TestHostFixture gateway) : DeliverySuite(gateway), IClassFixture<TestHostFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await RawReader.ConnectAsync(Gateway, $"/ws?session_id={sessionId}&after_seq={afterSeq}");
}

public sealed class RawTlsDelivery(TlsFixture gateway) : DeliverySuite(gateway), IClassFixture<TlsFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await RawReader.ConnectAsync(Gateway, $"/ws?session_id={sessionId}&after_seq={afterSeq}");
}

public sealed class HubTlsDelivery(TlsFixture gateway) : DeliverySuite(gateway), IClassFixture<TlsFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await (await HubReader.ConnectAsync(Gateway, messagePack: true)).SubscribeAsync(sessionId, afterSeq);
}

public sealed class HubJsonDelivery(SocketFixture gateway) : DeliverySuite(gateway), IClassFixture<SocketFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await (await HubReader.ConnectAsync(Gateway, messagePack: false)).SubscribeAsync(sessionId, afterSeq);
}

public sealed class HubMessagePackDelivery(SocketFixture gateway) : DeliverySuite(gateway), IClassFixture<SocketFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await (await HubReader.ConnectAsync(Gateway, messagePack: true)).SubscribeAsync(sessionId, afterSeq);
}

public sealed class HubTestHostDelivery(TestHostFixture gateway) : DeliverySuite(gateway), IClassFixture<TestHostFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await (await HubReader.ConnectAsync(Gateway, messagePack: true)).SubscribeAsync(sessionId, afterSeq);
}

public sealed class HubLongPollingDelivery(SocketFixture gateway) : DeliverySuite(gateway), IClassFixture<SocketFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await (await HubReader.ConnectAsync(Gateway, messagePack: false, HttpTransportType.LongPolling)).SubscribeAsync(sessionId, afterSeq);
}

public sealed class SseDelivery(SocketFixture gateway) : DeliverySuite(gateway), IClassFixture<SocketFixture>
{
    protected override async Task<IWireReader> ConnectAsync(string sessionId, long afterSeq) =>
        await SseReader.ConnectAsync(Gateway, sessionId, afterSeq);
}
