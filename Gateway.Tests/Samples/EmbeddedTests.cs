extern alias Embedded;

using Gateway.Client;
using Gateway.Contracts;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using HouseModel = Embedded::HouseModel;
using Outbox = Embedded::Outbox;

namespace Gateway.Tests.Samples;

/// <summary>The sample program, tested as <c>docs/testing.md</c> tells its readers to test theirs.</summary>
public sealed class EmbeddedTests : IAsyncLifetime
{
    private readonly WebApplicationFactory<Outbox> _app = new WebApplicationFactory<Outbox>().WithWebHostBuilder(host => host
        .UseSetting("urls", "http://127.0.0.1:0")
        .UseSetting("Gateway:DefaultModel", "scripted")
        .UseSetting("Gateway:Models:scripted:TokensPerSecond", "0")
        .UseSetting("Gateway:Storage:Provider", "memory"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _app.UseKestrel();
        _app.StartServer();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_newsletter_is_written_approved_and_mailed()
    {
        await using var client = await GatewayClient.ConnectAsync(_app.ClientOptions.BaseAddress.ToString(), cancellationToken: Token);
        using var session = await client.StartAsync("newsletter", "Lighthouses", cancellationToken: Token);
        var question = await ReadUntilAsync(session, e => e is SessionEvent<NodeStateChange> { Data.Prompt: not null });
        Assert.StartsWith("Send this? ", ((SessionEvent<NodeStateChange>)question).Data.Prompt!.Text, StringComparison.Ordinal);

        await session.InputAsync("Yes.", cancellationToken: Token);
        var end = await Wait.For(session.Completion, "the end");

        Assert.Equal(SessionStatus.Completed, end.Status);
        var mails = _app.Services.GetRequiredService<Outbox>().Mails.Reader;
        Assert.StartsWith($"{session.Id} asks: Send this? ", await Wait.For(mails.ReadAsync(Token).AsTask(), "the first mail"), StringComparison.Ordinal);
        Assert.Equal($"{session.Id} is completed: {end.Output}", await Wait.For(mails.ReadAsync(Token).AsTask(), "the second mail"));
    }

    [Fact]
    public async Task The_same_question_gets_the_same_answer_every_time()
    {
        await using var client = await GatewayClient.ConnectAsync(_app.ClientOptions.BaseAddress.ToString(), cancellationToken: Token);

        Assert.Equal(await AskAsync("Tea or coffee?"), await AskAsync("Tea or coffee?"));

        async Task<string?> AskAsync(string subject)
        {
            using var session = await client.StartAsync("quick-answer", subject, cancellationToken: Token);
            return (await Wait.For(session.Completion, "the end")).Output;
        }
    }

    [Fact]
    public async Task A_model_that_fails_fails_the_session_with_its_reason()
    {
        await using var app = _app.WithWebHostBuilder(host => host
            .UseSetting("Gateway:DefaultModel", "broken")
            .ConfigureServices(services => Gateway.Models.ModelsServices.AddChatClient(services, "broken", new BrokenModel())));
        app.UseKestrel();
        app.StartServer();
        await using var client = await GatewayClient.ConnectAsync(app.ClientOptions.BaseAddress.ToString(), cancellationToken: Token);
        using var session = await client.StartAsync("quick-answer", "Tea or coffee?", cancellationToken: Token);

        var error = (SessionEvent<ExecutionError>)await ReadUntilAsync(session, e => e is SessionEvent<ExecutionError>);

        Assert.Equal(ErrorCode.ModelError, error.Data.Code);
        Assert.Equal(SessionStatus.Failed, (await Wait.For(session.Completion, "the end")).Status);
    }

    [Fact]
    public async Task The_program_s_own_model_and_its_own_endpoint_work_beside_the_gateway()
    {
        await using var app = _app.WithWebHostBuilder(host => host.UseSetting("Gateway:DefaultModel", "house"));
        app.UseKestrel();
        app.StartServer();
        await using var client = await GatewayClient.ConnectAsync(app.ClientOptions.BaseAddress.ToString(), cancellationToken: Token);
        using var session = await client.StartAsync("quick-answer", "Tea or coffee?", cancellationToken: Token);
        Assert.StartsWith("The house has read ", (await Wait.For(session.Completion, "the end")).Output, StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = app.ClientOptions.BaseAddress };
        Assert.Equal("An endpoint of the program's own.", await http.GetStringAsync("/hello", Token));
    }

    [Fact]
    public void The_program_has_less_than_eighty_lines() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "samples", "Embedded", "Program.cs")).Count(), 40, 79);

    private static async Task<SessionEvent> ReadUntilAsync(SessionHandle session, Func<SessionEvent, bool> isIt)
    {
        await foreach (var e in session.Events.WithCancellation(Token))
        {
            if (isIt(e)) return e;
        }

        throw new InvalidOperationException("The session ended before.");
    }

    private sealed class BrokenModel : Microsoft.Extensions.AI.DelegatingChatClient
    {
        public BrokenModel()
            : base(new HouseModel())
        {
        }

        public override IAsyncEnumerable<Microsoft.Extensions.AI.ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The model is away.");
    }
}
