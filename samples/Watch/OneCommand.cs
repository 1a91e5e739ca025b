using Gateway.Client;

namespace Watch;

/// <summary>Steers a session without watching it.</summary>
internal static class OneCommand
{
    /// <summary>Sends a command; returns the event at which it took effect.</summary>
    public static async Task<long> SendAsync(GatewayClient client, Order order, CancellationToken cancellationToken)
    {
        using var session = client.Session(order.Session!);
        return order.Verb switch
        {
            Order.Pause => await session.PauseAsync(cancellationToken),
            Order.Resume => await session.ResumeAsync(cancellationToken),
            Order.Answer => await session.InputAsync(order.Words, cancellationToken: cancellationToken),
            Order.Cancel => await session.CancelAsync(cancellationToken),
            _ => throw new OrderException($"There is no command '{order.Verb}'."),
        };
    }
}
