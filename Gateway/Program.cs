using Gateway;

return await GatewayStart.RunAsync(args);
