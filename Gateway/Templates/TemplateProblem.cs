namespace Gateway.Templates;

/// <summary>Why a text is no template or no expression.</summary>
/// <param name="Message">What is wrong and the way out, as a sentence.</param>
internal sealed record TemplateProblem(string Message);
