using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace Gateway.Client;

/// <summary>Settings of a <see cref="GatewayClient"/>; the defaults suit most programs.</summary>
public sealed class GatewayClientOptions
{
    /// <summary>How messages are encoded; MessagePack by default.</summary>
    public GatewayWire Wire { get; set; } = GatewayWire.MessagePack;

    /// <summary>How long to wait before each reconnect; by default <see cref="ReconnectPolicy"/>, which never gives up.</summary>
    /// <remarks>
    /// When it answers null the client gives up: it is <see cref="GatewayConnectionState.Closed"/> and what waits on it
    /// fails with <see cref="ClientErrorCode.ConnectionFailed"/>. A connection that lasted less than 5 seconds
    /// does not reset the number of retries, so that a gateway that accepts and drops is not hammered.
    /// </remarks>
    public IRetryPolicy RetryPolicy { get; set; } = new ReconnectPolicy();

    /// <summary>True: the first connect is retried like a lost one; false, the default: it fails at once.</summary>
    public bool RetryFirstConnect { get; set; }

    /// <summary>Events one reader holds for a slow consumer, 4096 by default.</summary>
    /// <remarks>When it is full the client stops the delivery and asks for the rest once the consumer has caught up. Nothing is lost.</remarks>
    public int BufferSize { get; set; } = 4096;

    /// <summary>How often a reader asks again for missing events without getting any further, 5 by default.</summary>
    /// <remarks>Then it fails with <see cref="ClientErrorCode.EventsMissing"/>.</remarks>
    public int MaxGapRetries { get; set; } = 5;

    /// <summary>Where the client and SignalR beneath it write their log; nowhere by default. Not disposed by the client.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock for waits between retries; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Sets access token, headers, proxy or transport; called for every new connection.</summary>
    public Action<HttpConnectionOptions>? ConfigureConnection { get; set; }

    /// <summary>Sets anything else of the SignalR connection, such as time-outs; called for every new connection.</summary>
    /// <remarks>The client reconnects by itself: automatic and stateful reconnect of SignalR stay off, whatever is set here.</remarks>
    public Action<IHubConnectionBuilder>? ConfigureHub { get; set; }
}
