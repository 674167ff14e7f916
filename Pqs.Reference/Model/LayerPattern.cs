using System.Globalization;
using System.IO.Enumeration;

namespace Pqs.Reference.Model;

/// <summary>How people name layers: by number, operator, or the name of the output tensor; <c>*</c> and <c>?</c> stand for any text and any character.</summary>
public static class LayerPattern
{
    /// <param name="pattern">What a user wrote.</param>
    /// <param name="index">The layer's position among all nodes, from 0.</param>
    /// <param name="operator">The operator's name, compared without case.</param>
    /// <param name="output">The output tensor's name, compared with case.</param>
    public static bool Matches(string pattern, int index, string @operator, string output) =>
        FileSystemName.MatchesSimpleExpression(pattern, index.ToString(CultureInfo.InvariantCulture))
        || FileSystemName.MatchesSimpleExpression(pattern, @operator)
        || FileSystemName.MatchesSimpleExpression(pattern, output, ignoreCase: false);
}
