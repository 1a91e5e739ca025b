using System.Globalization;

namespace Gateway.Inbox;

/// <summary>How far a watcher of the inbox has come: a change of one store.</summary>
/// <param name="Store">Which store.</param>
/// <param name="Change">The number of the last change that the watcher knows; 0 before the first.</param>
internal readonly record struct InboxPosition(string Store, long Change)
{
    private const char Separator = '.';

    /// <summary>The position that a watcher was told; null when nobody can have told it.</summary>
    public static InboxPosition? Parse(string text) =>
        text.LastIndexOf(Separator) is > 0 and var at && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var change) ? new(text[..at], change) : null;

    /// <summary>As watchers are told it, who make nothing of it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Store}{Separator}{Change}");
}
