using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class PadImporter
{
    public static Pad? Import(SourceNode node, Tensor input, Tensor output) =>
        ReadPaddings(node, input.Shape, output.Shape) is var (before, after) ? new Pad(before, after) : null;

    /// <summary>The elements before and behind each dimension.</summary>
    public static (ImmutableArray<int> Before, ImmutableArray<int> After)? ReadPaddings(SourceNode node, Shape input, Shape output)
    {
        if (node.ReadInput(1, "paddings") is not { } tensor
            || tensor.ReadIntegers("the paddings", node.Place, node.Diagnostics) is not { } paddings)
        {
            return null;
        }

        var rank = input.Rank;
        if (paddings.Length != 2 * rank || rank > Pad.MaximumRank || output.Rank != rank
            || paddings.Any(padding => padding is < 0 or > GraphVerifier.MaximumElements))
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.OperatorShapes, node.Place, $"paddings [{string.Join(", ", paddings.Take(16))}] of {input} to {output}");
            return null;
        }

        return (Side(0), Side(1));

        ImmutableArray<int> Side(int side) => [.. Enumerable.Range(0, rank).Select(axis => (int)paddings[(2 * axis) + side])];
    }
}
