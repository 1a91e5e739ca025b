using Gateway.Client.Connection;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace Gateway.Client;

/// <summary>Settings of a <see cref="GatewayClient"/>; the defaults suit most programs.</summary>
public sealed class GatewayClientOptions
{
    /// <summary>Where the gateway is, for <see cref="GatewayClientServices.AddGatewayClient"/>; a client that is made by hand is told apart from its options.</summary>
    public string? Address { get; set; }

    /// <summary>How client and gateway talk; MessagePack over SignalR by default, and JSON over SignalR in a program that is trimmed or compiled ahead of time.</summary>
    /// <remarks>SignalR's MessagePack finds the types of its messages, and makes code for them, while the program runs; such a program cannot.</remarks>
    public GatewayWire Wire { get; set; } = PackedMessages.AreSupported ? GatewayWire.MessagePack : GatewayWire.Json;

    /// <summary>How long to wait before each reconnect; by default <see cref="ReconnectPolicy"/>, which never gives up; <see cref="LimitedReconnectPolicy"/> does.</summary>
    /// <remarks>
    /// When it answers null the client gives up: it is <see cref="GatewayConnectionState.Closed"/> and what waits on it
    /// fails with <see cref="ClientErrorCode.ConnectionFailed"/>. A connection that lasted less than 5 seconds
    /// does not reset the number of retries, so that a gateway that accepts and drops is not hammered.
    /// </remarks>
    public IRetryPolicy RetryPolicy { get; set; } = new ReconnectPolicy();

    /// <summary>True: the first connect is retried like a lost one; false, the default: it fails at once.</summary>
    public bool RetryFirstConnect { get; set; }

    /// <summary>How often the gateway is asked for a sign of life, 30 seconds by default; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may stay silent then, 15 seconds by default, before the connection counts as lost.</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Events one reader holds for a slow consumer, 4096 by default.</summary>
    /// <remarks>When it is full the client stops the delivery and asks for the rest once the consumer has caught up. Nothing is lost.</remarks>
    public int BufferSize { get; set; } = 4096;

    /// <summary>How often a reader asks again for missing events without getting any further, 5 by default.</summary>
    /// <remarks>Then it fails with <see cref="ClientErrorCode.EventsMissing"/>.</remarks>
    public int MaxGapRetries { get; set; } = 5;

    /// <summary>Where the client and SignalR beneath it write their log; nowhere by default. Not disposed by the client.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock for heartbeats and for waits between retries; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Sets access token, headers, proxy or transport; called for every new connection, and once for what is asked over HTTP, such as the list of prompts.</summary>
    /// <remarks>On <see cref="GatewayWire.WebSocket"/>, what concerns a WebSocket holds: headers, cookies, token, credentials, proxy, certificates.</remarks>
    public Action<HttpConnectionOptions>? ConfigureConnection { get; set; }

    /// <summary>Sets anything else of the SignalR connection, such as time-outs; called for every new connection, but not on <see cref="GatewayWire.WebSocket"/>.</summary>
    /// <remarks>The client reconnects by itself: automatic and stateful reconnect of SignalR stay off, whatever is set here.</remarks>
    public Action<IHubConnectionBuilder>? ConfigureHub { get; set; }

    /// <summary>What is wrong with the settings, a sentence each; nothing when all is well.</summary>
    internal IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(Wire)) yield return $"{nameof(Wire)} must be one of {string.Join(", ", Enum.GetNames<GatewayWire>())}; it is {Wire}.";
        if (Wire == GatewayWire.MessagePack && !PackedMessages.AreSupported) yield return $"{nameof(Wire)} cannot be {nameof(GatewayWire.MessagePack)} in a program that is trimmed or compiled ahead of time: MessagePack makes code while the program runs. Use {nameof(GatewayWire.Json)} (the same hub) or {nameof(GatewayWire.WebSocket)} (/ws).";
        if (RetryPolicy is null) yield return $"{nameof(RetryPolicy)} must not be null.";
        if (TimeProvider is null) yield return $"{nameof(TimeProvider)} must not be null.";
        if (BufferSize < 1) yield return $"{nameof(BufferSize)} must be at least 1; it is {BufferSize}.";
        if (MaxGapRetries < 0) yield return $"{nameof(MaxGapRetries)} must not be negative; it is {MaxGapRetries}.";
        if (HeartbeatInterval <= TimeSpan.Zero && HeartbeatInterval != Timeout.InfiniteTimeSpan) yield return $"{nameof(HeartbeatInterval)} must be positive, or infinite for no heartbeat; it is {HeartbeatInterval}.";
        if (HeartbeatTimeout <= TimeSpan.Zero) yield return $"{nameof(HeartbeatTimeout)} must be positive; it is {HeartbeatTimeout}.";
    }
}
