using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Models;

/// <summary>One request a fake provider got, and how it ended.</summary>
internal sealed class FakeCall
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpContext _context;

    public FakeCall(HttpContext context, JsonElement body)
    {
        _context = context;
        Body = body;
        Authorization = context.Request.Headers.Authorization;
        context.RequestAborted.Register(() => _cancelled.TrySetResult());
    }

    public string? Authorization { get; }

    public JsonElement Body { get; }

    public HttpResponse Response => _context.Response;

    /// <summary>Completes when the client gives up before the answer is whole.</summary>
    public Task Cancelled => _cancelled.Task;

    public async Task Write(string text)
    {
        await _context.Response.WriteAsync(text);
        await _context.Response.Body.FlushAsync();
    }

    public async Task Stall(Task gate)
    {
        await _context.Response.Body.FlushAsync();
        await Task.WhenAny(gate, Cancelled);
    }

    public void Drop() => _context.Abort();
}
