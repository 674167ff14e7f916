using System.Collections.Immutable;

namespace Pqs.Codegen.Toolchain;

/// <summary>What a function's machine code does to the stack and where it goes.</summary>
/// <param name="Frame">The sum of all decrements of the stack pointer by constants.</param>
/// <param name="IsBounded">There are no others.</param>
/// <param name="Calls">Addresses that it calls.</param>
/// <param name="Jumps">Addresses that it branches to, within the function too.</param>
/// <param name="CallsIndirectly">It calls or jumps through a register or a pointer in memory.</param>
internal sealed record ThumbScan(
    long Frame, bool IsBounded, ImmutableHashSet<uint> Calls, ImmutableHashSet<uint> Jumps, bool CallsIndirectly)
{
    public static ThumbScan Empty { get; } = new(0, true, [], [], false);

    public ThumbScan Push(long bytes) => this with { Frame = Frame + bytes };

    public ThumbScan Call(uint target) => this with { Calls = Calls.Add(target) };

    public ThumbScan Jump(uint target) => this with { Jumps = Jumps.Add(target) };
}
