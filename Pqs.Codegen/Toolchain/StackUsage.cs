using System.Collections.Immutable;

namespace Pqs.Codegen.Toolchain;

/// <summary>The worst-case stack of a function and all that it calls; interrupts come on top.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Bytes">The sum of the frames along <paramref name="Path"/>.</param>
/// <param name="Path">The chain of calls that needs most, from the function on.</param>
/// <param name="Obstacles">Why <paramref name="Bytes"/> is no bound: recursion, calls through pointers, frames of variable size. Empty
/// when it is.</param>
public sealed record StackUsage(string Function, long Bytes, ImmutableArray<string> Path, ImmutableArray<string> Obstacles)
{
    public bool IsBound => Obstacles.IsEmpty;
}
