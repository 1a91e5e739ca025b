namespace Gateway.Engine.Calls;

/// <summary>What is under way for a node: a call of its model, or calls of tools.</summary>
internal interface INodeRun : IAsyncDisposable
{
    /// <summary>Whose work it does.</summary>
    CallKey Key { get; }

    /// <summary>What it has consumed so far, for a session that ends before it does; null when nothing is left to count.</summary>
    ModelPiece.Usage? Spent { get; }

    /// <summary>What it has consumed so far, by an estimate of what was read and written; null when nothing is left to count.</summary>
    ModelPiece.Usage? Estimate { get; }

    /// <summary>Whether all that it consumes has been taken from it, and its end is about to come.</summary>
    bool IsCounted { get; }

    /// <summary>Takes the next piece, if there is one.</summary>
    bool TryTake(out ModelPiece piece);

    /// <summary>Gives back the piece taken last; it is the next to be taken.</summary>
    void PutBack(ModelPiece piece);

    /// <summary>Makes its time limits stand still, or go on.</summary>
    void Hold(bool held);
}
