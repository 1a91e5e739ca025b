using Gateway.Client;
using Gateway.Contracts;

// AotWatch [GATEWAY] [json|websocket|messagepack]
var address = args.Length > 0 ? args[0] : "http://localhost:8080";
if (!Enum.TryParse<GatewayWire>(args.Length > 1 ? args[1] : nameof(GatewayWire.WebSocket), ignoreCase: true, out var wire))
{
    Console.Error.WriteLine($"There is no wire '{args[1]}'; it is json or websocket (or messagepack, where the program is not compiled ahead of time).");
    return 2;
}

try
{
    await using var client = await GatewayClient.ConnectAsync(address, new GatewayClientOptions { Wire = wire });
    string? speaker = null;
    await foreach (var e in client.StartAndReadAsync("council-debate", "Should cities ban cars?"))
    {
        switch (e)
        {
            case SessionEvent<TokenStream> token:
                if (speaker != token.NodeId) Console.Write($"\n[{speaker = token.NodeId}] ");
                Console.Write(token.Data.Chunk);
                break;

            case SessionEvent<ExecutionCompleted> end:
                Console.WriteLine($"\n{end.Data.Status}: {end.Data.Totals.OutputTokens} tokens");
                return end.Data.Status == SessionStatus.Completed ? 0 : 1;
        }
    }

    return 1;
}
catch (GatewayClientException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
