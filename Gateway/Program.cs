using Gateway;

var builder = WebApplication.CreateBuilder(args).AddGateway();
builder.Build().MapGateway().Run();
