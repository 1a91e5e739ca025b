namespace Gateway.Settings;

/// <summary>A section whose names are somebody else's, such as what a model's server is sent: it is one text, or keys of any name and depth.</summary>
/// <param name="Section">Where it stands; a part that is <c>*</c> stands for any name.</param>
internal sealed record FreeSettings(string Section);
