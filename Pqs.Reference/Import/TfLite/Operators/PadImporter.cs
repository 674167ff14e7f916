using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class PadImporter
{
    public static Pad? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadInput(1, "paddings") is not { } tensor
            || tensor.ReadIntegers("the paddings", node.Place, node.Diagnostics) is not { } paddings)
        {
            return null;
        }

        var rank = input.Shape.Rank;
        if (paddings.Length != 2 * rank || rank > Pad.MaximumRank || output.Shape.Rank != rank
            || paddings.Any(padding => padding is < 0 or > GraphVerifier.MaximumElements))
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.OperatorShapes, node.Place, $"paddings [{string.Join(", ", paddings.Take(16))}] of {input.Shape} to {output.Shape}");
            return null;
        }

        return new Pad(Side(0), Side(1));

        ImmutableArray<int> Side(int side) => [.. Enumerable.Range(0, rank).Select(axis => (int)paddings[(2 * axis) + side])];
    }
}
