using System.Text;

namespace Watch;

/// <summary>What models and users say, for a terminal: a control character in it would be an order to the terminal.</summary>
internal static class SafeText
{
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter == '\t') safe.Append("    ");
            else if (letter == '\n' || !char.IsControl(letter)) safe.Append(letter);
        }

        return safe.ToString();
    }
}
