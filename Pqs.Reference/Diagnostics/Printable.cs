using System.Text;

namespace Pqs.Reference.Diagnostics;

/// <summary>Makes text from untrusted files safe to print: one line, no control characters, bounded length.</summary>
public static class Printable
{
    /// <summary>Longest text that is printed in full.</summary>
    private const int MaximumLength = 400;

    /// <summary>A whole message or place on one line.</summary>
    public static string Line(string text) => Cut(text, MaximumLength);

    /// <summary>A name inside a message: quoted, and cut to what a person can still read.</summary>
    public static string Name(string name) => "'" + Cut(name, 80) + "'";

    private static string Cut(string text, int length)
    {
        var builder = new StringBuilder(Math.Min(text.Length, length));
        foreach (var character in text)
        {
            if (builder.Length >= length)
            {
                return builder.Append("...").ToString();
            }

            builder.Append(char.IsControl(character) || char.IsSurrogate(character) || character is '\u2028' or '\u2029' ? '?' : character);
        }

        return builder.ToString();
    }
}
