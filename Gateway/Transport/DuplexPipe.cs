using System.IO.Pipelines;

namespace Gateway.Transport;

/// <summary>A reader and a writer as one pipe.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;
}
