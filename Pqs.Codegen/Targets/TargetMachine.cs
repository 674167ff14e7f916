namespace Pqs.Codegen.Targets;

/// <summary>A machine of the emulator that runs a target's code.</summary>
/// <param name="Name">QEMU's name for it.</param>
/// <param name="InstructionsPerTick">How many executed instructions one SysTick tick stands for under <c>-icount shift=0</c>.</param>
/// <param name="Vectors">Where the core looks for the vector table; null when that is where <paramref name="Flash"/> begins.</param>
/// <param name="Flash">Where code and constants go.</param>
/// <param name="Ram">Where data and the stack go.</param>
public sealed record TargetMachine(string Name, decimal InstructionsPerTick, MemoryRegion? Vectors, MemoryRegion Flash, MemoryRegion Ram)
{
    /// <summary>Executed instructions, to the nearest whole one. The resolution is one tick.</summary>
    /// <param name="ticks">Ticks, 0 to 2^53.</param>
    public long Instructions(long ticks) => (long)decimal.Round(ticks * InstructionsPerTick, MidpointRounding.AwayFromZero);
}
