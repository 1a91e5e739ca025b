namespace Gateway.Delivery;

/// <summary>The life of a <see cref="FrameSender"/>; it only goes on, and may leave out steps.</summary>
internal enum SenderState : byte
{
    /// <summary>It sends what there is.</summary>
    Open,

    /// <summary>It sends what there is now, and then leaves.</summary>
    Leaving,

    /// <summary>All is sent and its protocol says goodbye, which it still sends.</summary>
    Left,

    /// <summary>Nothing is sent any more; the connection may still have to be dropped.</summary>
    Closed,

    /// <summary>The connection belongs to somebody else again: it is not touched any more.</summary>
    Disposed,
}
