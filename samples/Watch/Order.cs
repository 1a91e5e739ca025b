using Gateway.Client;

namespace Watch;

/// <summary>What to do, as the command line says it.</summary>
internal sealed record Order
{
    public const string Start = "start";
    public const string Attach = "attach";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Answer = "answer";
    public const string Cancel = "cancel";

    public const string Usage = """
        watch                                     start a debate and watch it
        watch start WORKFLOW "WHAT ABOUT"         start a session and watch it   [--id ID]
        watch attach SESSION                      watch one that runs, or has ended
        watch answer SESSION "WORDS"              answer its question, or say something to all of it
        watch pause|resume|cancel SESSION         steer it

          --gateway URL     where the gateway is (else the variable GATEWAY, else http://localhost:8080)
          --wire NAME       messagepack, json or websocket
        """;

    private const string DefaultGateway = "http://localhost:8080";

    /// <summary>One of the words above.</summary>
    public required string Verb { get; init; }

    /// <summary>The session; null for a start whose id the client makes up.</summary>
    public string? Session { get; init; }

    public string Workflow { get; init; } = "council-debate";

    public string Words { get; init; } = "Should cities ban cars?";

    public required string Gateway { get; init; }

    public required GatewayWire Wire { get; init; }

    /// <summary>Reads a command line; null when it asks for help.</summary>
    /// <exception cref="OrderException">It cannot be understood.</exception>
    public static Order? Parse(string[] arguments)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (argument is "--help" or "-h") return null;
            if (argument is not ("--gateway" or "--wire" or "--id"))
            {
                if (argument.StartsWith("--", StringComparison.Ordinal)) throw new OrderException($"There is no option '{argument}'.");
                words.Add(argument);
            }
            else
            {
                if (i + 1 == arguments.Length) throw new OrderException($"'{argument}' needs a value.");
                options[argument] = arguments[++i];
            }
        }

        var order = new Order
        {
            Verb = words.Count == 0 ? Start : words[0],
            Session = options.GetValueOrDefault("--id"),
            Gateway = options.GetValueOrDefault("--gateway") ?? Environment.GetEnvironmentVariable("GATEWAY") ?? DefaultGateway,
            Wire = WireOf(options.GetValueOrDefault("--wire") ?? "messagepack"),
        };
        if (!Uri.TryCreate(order.Gateway, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw new OrderException($"'{order.Gateway}' is not the address of a gateway; write it like {DefaultGateway}.");
        }

        return (order.Verb, words) switch
        {
            (Start, []) or (Start, [_]) => order,
            (Start, [_, var workflow, var subject]) => order with { Workflow = workflow, Words = subject },
            (Start, _) => throw new OrderException("'start' takes a workflow and what it is about; put the latter in quotes."),
            (Answer, [_, var session, var answer]) => order with { Session = session, Words = answer },
            (Answer, _) => throw new OrderException("'answer' takes a session and the words; put them in quotes."),
            (Attach or Pause or Resume or Cancel, [_, var session]) => order with { Session = session },
            (Attach or Pause or Resume or Cancel, _) => throw new OrderException($"'{order.Verb}' takes a session."),
            _ => throw new OrderException($"There is no command '{order.Verb}'."),
        };
    }

    private static GatewayWire WireOf(string name) => name switch
    {
        "messagepack" => GatewayWire.MessagePack,
        "json" => GatewayWire.Json,
        "websocket" => GatewayWire.WebSocket,
        _ => throw new OrderException($"There is no wire '{name}'; it is messagepack, json or websocket."),
    };
}
