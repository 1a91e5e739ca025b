namespace Gateway.Delivery.Outputs;

/// <summary>Is told how a write gets on, so that slow is told from stalled.</summary>
internal interface IWriteProgress
{
    /// <summary>Some of the write has been accepted.</summary>
    void Progressed();
}
