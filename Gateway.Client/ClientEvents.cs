namespace Gateway.Client;

/// <summary>The numbers of the client's log events: 6000 the connection, 6100 the reading.</summary>
internal static class ClientEvents
{
    public const int ConnectionState = 6000;
    public const int ConnectRetry = 6001;
    public const int ConnectGivenUp = 6002;
    public const int StateHandlerFailed = 6010;

    public const int Subscribe = 6100;
    public const int Unsubscribe = 6101;
    public const int UnsubscribeRefused = 6102;
    public const int EventsMissing = 6103;
    public const int SlowConsumer = 6104;
    public const int SubscribeRefused = 6105;
    public const int WatchInbox = 6110;
    public const int InboxLost = 6111;
}
