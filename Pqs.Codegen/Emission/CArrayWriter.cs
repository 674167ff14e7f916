using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Pqs.Codegen.Emission;

/// <summary>Writes integer arrays as C initialisers, 120 columns wide.</summary>
internal static class CArrayWriter
{
    private const int Columns = 120;

    private const string Indent = "    ";

    /// <summary>The elements of an initialiser, one indented line after another, each with LF at its end.</summary>
    public static void AppendElements(StringBuilder builder, ImmutableArray<int> values)
    {
        var column = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var text = Literal(values[i]);
            var last = i == values.Length - 1;
            var width = text.Length + (last ? 0 : 1);
            if (column > 0 && column + 1 + width > Columns)
            {
                builder.Append('\n');
                column = 0;
            }

            builder.Append(column == 0 ? Indent : " ").Append(text).Append(last ? "" : ",");
            column += (column == 0 ? Indent.Length : 1) + width;
        }

        builder.Append('\n');
    }

    /// <summary>The smallest int has no literal in C: -2147483648 is the negation of a number that is no int.</summary>
    public static string Literal(int value) =>
        value == int.MinValue ? "(-2147483647 - 1)" : value.ToString(CultureInfo.InvariantCulture);
}
