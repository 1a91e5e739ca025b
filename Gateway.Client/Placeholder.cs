namespace Gateway.Client;
