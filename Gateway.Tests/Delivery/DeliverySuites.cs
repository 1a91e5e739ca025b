using System.Net;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Xunit;

namespace Gateway.Tests.Delivery;

public abstract class RawDelivery(GatewayFixture gateway) : DeliverySuite(gateway)
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await RawReader.ConnectAsync(gateway, $"/ws?session_id={sessionId}&after_seq={afterSeq}");
}

public abstract class HubDelivery(GatewayFixture gateway, bool messagePack, HttpTransportType transport = HttpTransportType.WebSockets) : DeliverySuite(gateway)
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await (await HubReader.ConnectAsync(gateway, messagePack, transport)).SubscribeAsync(sessionId, afterSeq);
}

public sealed class RawSocketDelivery(SocketFixture gateway) : RawDelivery(gateway), IClassFixture<SocketFixture>;

public sealed class RawTestHostDelivery(TestHostFixture gateway) : RawDelivery(gateway), IClassFixture<TestHostFixture>;

public sealed class RawTlsDelivery(TlsFixture gateway) : RawDelivery(gateway), IClassFixture<TlsFixture>;

public sealed class HubTlsDelivery(TlsFixture gateway) : HubDelivery(gateway, messagePack: true), IClassFixture<TlsFixture>;

public sealed class HubJsonDelivery(SocketFixture gateway) : HubDelivery(gateway, messagePack: false), IClassFixture<SocketFixture>;

public sealed class HubMessagePackDelivery(SocketFixture gateway) : HubDelivery(gateway, messagePack: true), IClassFixture<SocketFixture>;

public sealed class HubTestHostDelivery(TestHostFixture gateway) : HubDelivery(gateway, messagePack: true), IClassFixture<TestHostFixture>;

public sealed class HubLongPollingDelivery(SocketFixture gateway) : HubDelivery(gateway, messagePack: false, HttpTransportType.LongPolling), IClassFixture<SocketFixture>;

public sealed class SseDelivery(SocketFixture gateway) : DeliverySuite(gateway), IClassFixture<SocketFixture>
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await SseReader.ConnectAsync(gateway, sessionId, afterSeq);
}

public sealed class SseTestHostDelivery(TestHostFixture gateway) : DeliverySuite(gateway), IClassFixture<TestHostFixture>
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await SseReader.ConnectAsync(gateway, sessionId, afterSeq);
}

public sealed class SseTlsDelivery(TlsFixture gateway) : DeliverySuite(gateway), IClassFixture<TlsFixture>
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await SseReader.ConnectAsync(gateway, sessionId, afterSeq);
}

public sealed class SseHttp2Delivery(TlsFixture gateway) : DeliverySuite(gateway), IClassFixture<TlsFixture>
{
    protected override async Task<IWireReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq) =>
        await SseReader.ConnectAsync(gateway, sessionId, afterSeq, HttpVersion.Version20);
}
