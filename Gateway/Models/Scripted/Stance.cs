namespace Gateway.Models.Scripted;

/// <summary>What a scripted agent is there for, as far as its name and instructions tell.</summary>
internal enum Stance
{
    /// <summary>Answers a question.</summary>
    Answer,

    /// <summary>Argues for the topic.</summary>
    For,

    /// <summary>Argues against it, or looks for its risks.</summary>
    Against,

    /// <summary>Weighs what the others said.</summary>
    Judge,

    /// <summary>Writes a text, or a better version of one.</summary>
    Write,
}
