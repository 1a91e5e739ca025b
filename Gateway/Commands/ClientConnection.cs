using Gateway.Admission;
using Gateway.Contracts;
using Gateway.Delivery;

namespace Gateway.Commands;

/// <summary>One client's connection as the room for commands knows it, on whichever door.</summary>
/// <remarks>A door runs one command of a connection at a time.</remarks>
/// <param name="caller">Who is at the other end.</param>
/// <param name="sender">Where the connection's events go.</param>
internal sealed class ClientConnection(Caller caller, FrameSender sender)
{
    /// <summary>Who is at the other end.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>Where the connection's events go.</summary>
    public FrameSender Sender { get; } = sender;

    /// <summary>Sends a snapshot ahead of the events that follow it; null on a door that returns the snapshot as the answer.</summary>
    public Func<FrameSender, SessionSnapshot, CancellationToken, Task>? SendSnapshot { get; init; }

    /// <summary>Keeps what a large snapshot takes until it has been written, on a door that returns it as the answer.</summary>
    public Action<ByteShare>? HoldAnswer { get; init; }

    /// <summary>The session that a command without an id is for: the one last started or subscribed to.</summary>
    public string? CurrentSession { get; set; }

    /// <summary>How many more commands it may send; a field because it is changed in place.</summary>
    public CommandAllowance Allowance;
}
