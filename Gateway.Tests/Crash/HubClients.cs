using Gateway.Client;
using Gateway.Tests.Client;
using Microsoft.AspNetCore.Http.Connections;

namespace Gateway.Tests.Crash;

/// <summary>Clients of the project's own library that follow a gateway through all its lives.</summary>
internal static class HubClients
{
    public static Task<GatewayClient> ConnectAsync(GatewayLives lives, int bufferSize = 4096)
    {
        var dead = 0;
        var options = new GatewayClientOptions
        {
            RetryPolicy = new ImmediateRetry(),
            RetryFirstConnect = true,
            BufferSize = bufferSize,
            ConfigureConnection = connection =>
            {
                connection.SkipNegotiation = true;
                connection.Transports = HttpTransportType.WebSockets;

                // Waits for the next process, so that retries need no delay.
                connection.WebSocketFactory = async (context, cancellationToken) =>
                {
                    var (process, socket) = await lives.ConnectAsync(dead, "/hub" + context.Uri.Query).WaitAsync(cancellationToken);
                    dead = process.Life - 1;
                    return socket;
                };
            },
        };
        return GatewayClient.ConnectAsync(new Uri("http://gateway.test/hub"), options);
    }

    /// <summary>Gives a command until it is done, however often the gateway dies over it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="done">Refusals that say that it was carried out, or that nothing is left to do.</param>
    public static async Task InsistAsync(Func<Task> command, params string[] done)
    {
        while (true)
        {
            try
            {
                await command();
                return;
            }
            catch (GatewayClientException exception) when (exception.Code == ClientErrorCode.ConnectionLost)
            {
                // Whether it was carried out is not known.
            }
            catch (GatewayClientException exception) when (done.Contains(exception.Code))
            {
                return;
            }
        }
    }
}
