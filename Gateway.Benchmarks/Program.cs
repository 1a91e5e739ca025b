using Gateway.Benchmarks.Serve;

switch (args)
{
    case ["serve", ..]:
        await ServeCommand.RunAsync(args);
        return 0;
    default:
        await Console.Error.WriteLineAsync("Usage: serve --port P [--store memory|sqlite]");
        return 2;
}
