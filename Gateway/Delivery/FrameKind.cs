namespace Gateway.Delivery;

/// <summary>What a frame of the connection's own means for the frames around it.</summary>
internal enum FrameKind : byte
{
    /// <summary>A whole message; it waits while another message is only sent in part.</summary>
    Message,

    /// <summary>A part of a message whose rest follows: until then there is no place for an event.</summary>
    Part,

    /// <summary>The last part of a message.</summary>
    LastPart,

    /// <summary>A frame that may come between the parts of a message.</summary>
    Control,

    /// <summary>The last frame of the connection.</summary>
    Close,
}
