using Gateway.Benchmarks.Log;

return args switch
{
    ["log", ..] => await LogBenchmark.RunAsync(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project Gateway.Benchmarks -- log [folder]");
    return 2;
}
