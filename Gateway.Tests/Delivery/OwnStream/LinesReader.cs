using System.Text;
using Gateway.Tests.Infrastructure;

namespace Gateway.Tests.Delivery.OwnStream;

/// <summary>A client of the lines.</summary>
internal sealed class LinesReader(HttpClient client, HttpResponseMessage response, StreamReader? lines) : ResponseReader(client, response)
{
    public static async Task<LinesReader> ConnectAsync(GatewayFixture gateway, string sessionId, long afterSeq)
    {
        var (client, response, body) = await OpenAsync(gateway, LinesStream.Type, sessionId, afterSeq, version: null);
        return new LinesReader(client, response, body is null ? null : new StreamReader(body));
    }

    protected override async Task<byte[]?> NextJsonAsync()
    {
        while (await Wait.For(lines!.ReadLineAsync(), "a line of the stream") is { } line)
        {
            if (line.Length > 0) return Encoding.UTF8.GetBytes(line);
        }

        return null;
    }
}
