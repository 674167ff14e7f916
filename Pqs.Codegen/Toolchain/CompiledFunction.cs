using System.Collections.Immutable;

namespace Pqs.Codegen.Toolchain;

/// <summary>What is known of one function for computing the stack of its calls.</summary>
/// <param name="Frame">Bytes that one call puts on the stack, without its callees; the least where it is not bounded.</param>
/// <param name="IsBounded">False for a frame whose size depends on values.</param>
/// <param name="Callees">Names of the functions that it calls or jumps to.</param>
/// <param name="CallsIndirectly">It also calls through pointers.</param>
public sealed record CompiledFunction(long Frame, bool IsBounded, ImmutableSortedSet<string> Callees, bool CallsIndirectly)
{
    public static CompiledFunction Empty { get; } = new(0, true, ImmutableSortedSet.Create<string>(StringComparer.Ordinal), false);

    /// <summary>What holds for either of two functions that cannot be told apart.</summary>
    public CompiledFunction Or(CompiledFunction other) => new(
        Math.Max(Frame, other.Frame),
        IsBounded && other.IsBounded,
        Callees.Union(other.Callees),
        CallsIndirectly || other.CallsIndirectly);

    /// <summary>A function that consists of two parts.</summary>
    public CompiledFunction And(CompiledFunction other) => Or(other) with { Frame = Frame + other.Frame };
}
