using System.Collections.Immutable;

namespace Pqs.Codegen.Verification;

/// <summary>What a model takes on a chip: measured from its linked image and its emulated run.</summary>
/// <param name="TableFlash">Bytes of flash of weights and other constant tables.</param>
/// <param name="CodeFlash">Bytes of flash of the model's code and the kernels that it uses, without the compiler's library.</param>
/// <param name="ArenaRam">Bytes of RAM of the arena.</param>
/// <param name="StackBound">Worst-case stack of a call in bytes, by static analysis; null where there is no bound.</param>
/// <param name="StackMeasured">Most stack that any of the runs used, in bytes.</param>
/// <param name="LayerInstructions">Executed instructions by layer: the mean over the samples. The resolution is one tick of the machine's clock.</param>
/// <param name="Instructions">Executed instructions of one inference: the mean over the samples.</param>
public sealed record ChipUse(
    long TableFlash,
    long CodeFlash,
    long ArenaRam,
    long? StackBound,
    long? StackMeasured,
    ImmutableArray<long> LayerInstructions,
    long Instructions)
{
    public long Flash => TableFlash + CodeFlash;

    /// <summary>Bytes of RAM beside the caller's inputs and outputs: arena and stack.</summary>
    public long Ram => ArenaRam + (StackBound ?? StackMeasured ?? 0);
}
