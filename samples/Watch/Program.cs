using Gateway.Client;
using Spectre.Console;
using Watch;

// Ctrl+C leaves; the session goes on without us.
using var leaving = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    leaving.Cancel();
};

try
{
    if (Order.Parse(args) is not { } order)
    {
        Console.WriteLine(Order.Usage);
        return 0;
    }

    await using var client = await GatewayClient.ConnectAsync(order.Gateway, new GatewayClientOptions { Wire = order.Wire }, leaving.Token);
    if (order.Verb is not (Order.Start or Order.Attach))
    {
        var seq = await OneCommand.SendAsync(client, order, leaving.Token);
        Console.WriteLine($"{order.Verb}: done at #{seq}.");
        return 0;
    }

    using var session = order.Verb == Order.Start
        ? await client.StartAsync(order.Workflow, order.Words, order.Session, leaving.Token)
        : client.Session(order.Session!);

    // Side by side needs a terminal that can move its cursor; a file or a pipe gets lines.
    var isTerminal = AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi;
    return isTerminal
        ? await new LiveWatch(client, session, AnsiConsole.Console).RunAsync(leaving.Token)
        : await PlainWatch.RunAsync(session, Console.Out, leaving.Token);
}
catch (OrderException mistake)
{
    await Console.Error.WriteLineAsync($"{mistake.Message}\n\n{Order.Usage}");
    return 2;
}
catch (GatewayClientException refusal)
{
    await Console.Error.WriteLineAsync($"{refusal.Message}{WayOut.Of(refusal.Code)}");
    return 1;
}
catch (OperationCanceledException) when (leaving.IsCancellationRequested)
{
    return 0;
}
