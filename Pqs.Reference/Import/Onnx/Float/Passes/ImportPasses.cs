using System.Collections.Immutable;
using Pqs.Reference.FloatModel;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>From a graph that follows the file, with affine nodes and clamps by themselves, to one of the graph's own operators.</summary>
internal static class ImportPasses
{
    /// <summary>
    /// Affine nodes first, and their chains before all, so that weights change once: those that stay become convolutions, which take clamps like all others. Padding last, when it stands directly before convolutions.
    /// </summary>
    private static readonly ImmutableArray<Func<FloatGraph, FloatGraph>> Passes =
    [
        FusionIntoProducers.AffineChains,
        FusionIntoProducers.Affines,
        AffineIntoConsumers.Run,
        Lowering.Affines,
        FusionIntoProducers.Clamps,
        Lowering.Clamps,
        PadIntoConsumers.Run,
        Compaction.Run,
    ];

    public static FloatGraph Run(FloatGraph graph) => Passes.Aggregate(graph, (current, pass) => pass(current));
}
