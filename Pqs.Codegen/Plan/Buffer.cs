namespace Pqs.Codegen.Plan;

/// <summary>Memory that holds one or more tensors, one after another in time or the same elements under several shapes.</summary>
/// <param name="Kind">Who owns it.</param>
/// <param name="Index">Which input, output or step it belongs to; for <see cref="BufferKind.Arena"/> the id of the first tensor in it.</param>
/// <param name="Size">Bytes, at least 1.</param>
/// <param name="FirstStep">The step that writes it first; -1 for an input.</param>
/// <param name="LastStep">The last step that reads or writes it; the number of steps for an output, which the caller reads.</param>
public sealed record Buffer(BufferKind Kind, int Index, int Size, int FirstStep, int LastStep)
{
    public bool IsInArena => Kind is BufferKind.Arena or BufferKind.Scratch;

    public bool IsLiveAt(int step) => FirstStep <= step && step <= LastStep;

    public bool Overlaps(Buffer other) => FirstStep <= other.LastStep && other.FirstStep <= LastStep;
}
