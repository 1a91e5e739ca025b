namespace Gateway.Templates;

/// <summary>A template or an expression has no value here; the sentence names the path or the limit.</summary>
/// <remarks>A kind that lets it pass makes its node fail with this sentence.</remarks>
public sealed class TemplateException(string message) : Exception(message);
