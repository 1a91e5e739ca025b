namespace Gateway.Tests.Contracts;

/// <summary>The MessagePack form as the client library has it.</summary>
public sealed class ClientMessagePackTests() : ContractsMessagePackTests(MessagePackForm.OfClient);
