using Gateway.Benchmarks.Conformance;
using Gateway.Benchmarks.Engine;
using Gateway.Benchmarks.Log;
using Gateway.Benchmarks.Recovery;
using Gateway.Benchmarks.Serve;
using Gateway.Benchmarks.Sessions;
using Gateway.Benchmarks.Sessions.Server;
using Gateway.Benchmarks.Slow;

return args switch
{
    ["log", ..] => await LogBenchmark.RunAsync(args[1..]),
    ["engine"] => await EngineBenchmark.RunAsync(),
    ["recovery", ..] => await RecoveryBenchmark.RunAsync(args[1..]),
    ["slow", ..] => await SlowBenchmark.RunAsync(args[1..]),
    ["conformance", ..] => await ConformanceCommand.RunAsync(args[1..]),
    ["serve", ..] => await ServeCommand.RunAsync(args[1..]),
    ["sessions", ..] => await SessionsBenchmark.RunAsync(args[1..]),
    [SessionsServer.Command, ..] => await SessionsServer.RunAsync(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project Gateway.Benchmarks -- COMMAND
          log [folder]                              appends, commits and lists of the SQLite session log
          engine                                    events of many sessions, checks of large definitions, a long loop; no network, no disk
          recovery [folder]                         the start of a gateway with unfinished sessions, and with a long history
          slow [sqlite|memory]                      what slow readers cost the others, and the gateway
          conformance [--port P] [--seed N]         a gateway behind a layer that plays faults, to try clients with; docs/clients.md
          conformance check FILE --fault NAME       which promises a client's recording breaks, asked of a kit that runs (--kit URL)
          sessions [--sessions 500] [--viewers 1]   many sessions with a viewer or two each: CPU of an event, latencies, memory, beside
            [--rate 40] [--store sqlite|memory|both]  a nats-server of this machine; also --seconds 30, --warmup 10, --rounds 1,
            [--peer nats]                             --publishers 1, --pin off, and settings as for the gateway
          serve --port P [--store memory|sqlite]    the whole gateway plus POST /publish?n=N&t=T, for a load generator;
                                                    settings as for the gateway, such as --Gateway:Limits:MaxConnections=10
        """);
    return 2;
}
