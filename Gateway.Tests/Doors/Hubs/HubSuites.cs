using Gateway.Tests.Infrastructure;
using Xunit;

namespace Gateway.Tests.Doors.Hubs;

public sealed class JsonHubTests(SocketFixture gateway) : HubSuite(gateway, messagePack: false), IClassFixture<SocketFixture>;

public sealed class MessagePackHubTests(SocketFixture gateway) : HubSuite(gateway, messagePack: true), IClassFixture<SocketFixture>;
