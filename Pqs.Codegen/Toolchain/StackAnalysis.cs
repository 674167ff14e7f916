using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>
/// Computes worst-case stacks. Frames are the compiler's where it compiled the function, and read from machine code for functions of its
/// libraries. Calls are the compiler's and the machine code's together; whether a function calls through pointers is the compiler's word
/// where
/// there is one, since it also calls known functions through registers.
/// </summary>
/// <remarks>
/// Machine code that leaves a function by popping a computed address is taken for a return. Of the libraries here only the division by
/// zero in libgcc for Armv6-M does so, to a handler without a frame.
/// </remarks>
public static class StackAnalysis
{
    /// <summary>
    /// The stack that a call of the function needs at most, with a warning when there is no bound; null, and an error reported, when
    /// there is no such function. Calls of the functions in <paramref name="withoutCalls"/> are left out, as of a program without them:
    /// hooks of the harness.
    /// </summary>
    public static StackUsage? Analyze(
        FirmwareImage image, string function, ImmutableHashSet<string> withoutCalls, string place, DiagnosticBag diagnostics)
    {
        var usage = Compute(Join(image.CallGraph, LinkedFunctions.Read(image.Elf)), function, withoutCalls);
        if (usage is null)
        {
            diagnostics.Report(DiagnosticDescriptors.StackFunctionMissing, place, Printable.Name(function));
        }
        else if (!usage.IsBound)
        {
            diagnostics.Report(DiagnosticDescriptors.StackNotBounded, place, function, string.Join("; ", usage.Obstacles));
        }

        return usage;
    }

    /// <summary>Null when the function is not among those given.</summary>
    public static StackUsage? Compute(
        ImmutableSortedDictionary<string, CompiledFunction> functions, string function, ImmutableHashSet<string> withoutCalls)
    {
        if (!functions.ContainsKey(function))
        {
            return null;
        }

        var walk = new StackWalk(functions, withoutCalls);
        var deepest = walk.Visit(function);
        return new StackUsage(function, deepest.Bytes, [.. deepest.Path], walk.Obstacles);
    }

    private static ImmutableSortedDictionary<string, CompiledFunction> Join(
        CallGraphInfo compiled, ImmutableSortedDictionary<string, CompiledFunction> linked) =>
        linked.SetItems(linked.Where(pair => compiled.Functions.ContainsKey(pair.Key)).Select(pair => KeyValuePair.Create(
            pair.Key,
            compiled.Functions[pair.Key] with { Callees = compiled.Functions[pair.Key].Callees.Union(pair.Value.Callees) })));
}
