using Gateway.Tests.McpServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A real MCP server for the tests: over standard input and output, or, with the argument "http", over HTTP.
if (args is ["broken", ..])
{
    await Console.Error.WriteLineAsync($"cannot open the index, key {Environment.GetEnvironmentVariable("INDEX_KEY")}");
    return 3;
}

if (args is ["silent", ..])
{
    await Task.Delay(Timeout.Infinite);
    return 0;
}

if (args is ["deaf", ..])
{
    DeafServer.Run();
    return 0;
}

if (args is ["http", ..])
{
    var web = WebApplication.CreateSlimBuilder();
    web.Logging.ClearProviders();
    web.WebHost.UseUrls("http://127.0.0.1:0");
    web.Services.AddMcpServer().WithHttpTransport().WithTools<ServerTools>();
    await using var app = web.Build();
    app.MapMcp();
    await app.StartAsync();
    Console.WriteLine(app.Urls.First());
    await app.WaitForShutdownAsync();
    return 0;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddMcpServer().WithStdioServerTransport().WithTools<ServerTools>();
await builder.Build().RunAsync();
return 0;
