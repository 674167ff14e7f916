using System.Globalization;
using System.Text.RegularExpressions;

namespace Pqs.Compress.Pruning;

/// <summary>
/// N:M pruning: of every M consecutive weights along the reduction axis of a channel at most N are kept; a last group may be shorter.
/// With a shared pattern, G adjacent output channels keep the same positions, so that they share the list of them.
/// </summary>
/// <param name="N">Kept weights of a group, 1..M.</param>
/// <param name="M">Weights of a group, 1..32.</param>
/// <param name="Channels">G, at least 1; a last group of channels may have fewer.</param>
public sealed partial record SparsityPattern(int N, int M, int Channels = 1)
{
    public const int MaximumM = 32;

    public const int MaximumChannels = 1024;

    /// <summary>True where the numbers make sense.</summary>
    public bool IsPossible => N >= 1 && N <= M && M <= MaximumM && Channels is >= 1 and <= MaximumChannels;

    /// <summary>True where nothing is pruned.</summary>
    public bool IsDense => N == M;

    /// <summary>A dense pattern.</summary>
    public static SparsityPattern Dense { get; } = new(1, 1);

    /// <summary>Reads <c>2:4</c>, or <c>2:4x8</c> for a pattern that eight channels share; null where the text is neither, or makes no sense.</summary>
    public static SparsityPattern? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var pattern = new SparsityPattern(Number(1), Number(2), match.Groups[3].Success ? Number(3) : 1);
        return pattern.IsPossible ? pattern : null;

        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>The form that <see cref="Parse"/> reads; <c>dense</c> for a dense pattern.</summary>
    public override string ToString() => IsDense ? "dense"
        : Channels == 1 ? string.Create(CultureInfo.InvariantCulture, $"{N}:{M}")
        : string.Create(CultureInfo.InvariantCulture, $"{N}:{M}x{Channels}");

    [GeneratedRegex("^([0-9]{1,4}):([0-9]{1,4})(?:x([0-9]{1,4}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
