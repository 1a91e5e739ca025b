namespace Gateway.Benchmarks.Conformance.Lines;

/// <summary>The body of an answer over HTTP: a stream of events, or what a poll has waited for.</summary>
internal sealed class BodyLine(HttpContext context, bool isPoll, Action goneDead) : ClientLine
{
    public override void GoDead()
    {
        base.GoDead();
        goneDead();
    }

    protected override async Task WriteAsync(ReadOnlyMemory<byte> part, bool isLast, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(part, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    // HTTP has no codes for an end: the body is over. That is no end of a connection that polls: the next poll would come, and what was left out be lost.
    protected override Task SayGoodbyeAsync(int code, string words, CancellationToken cancellationToken)
    {
        if (!isPoll) return context.Response.CompleteAsync();
        Abort();
        return Task.CompletedTask;
    }

    protected override void Abort() => context.Abort();
}
