namespace Gateway.Workflows;

/// <summary>What the value of a key inside <c>with</c> must be.</summary>
public enum WithValue
{
    /// <summary>Anything; the kind checks it.</summary>
    Any,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Text with values in it, such as <c>{{ nodes.pro.text }}</c>.</summary>
    Template,

    /// <summary>A condition or a value, such as <c>nodes.score.json.total >= 90</c>.</summary>
    Expression,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number of at most 32 bits.</summary>
    WholeNumber,

    /// <summary>A time, such as <c>30s</c>, <c>10m</c>, <c>24h</c>, <c>7d</c>, or a number of seconds.</summary>
    Time,

    /// <summary>True or false.</summary>
    TrueOrFalse,

    /// <summary>A list.</summary>
    List,

    /// <summary>Keys with values.</summary>
    Keys,
}
