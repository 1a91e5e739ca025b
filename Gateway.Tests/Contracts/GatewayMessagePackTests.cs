namespace Gateway.Tests.Contracts;

/// <summary>The MessagePack form as the gateway has it.</summary>
public sealed class GatewayMessagePackTests() : ContractsMessagePackTests(MessagePackForm.OfGateway);
