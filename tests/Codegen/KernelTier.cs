using System.Collections.Immutable;

namespace Pqs.Tests.Codegen;

/// <summary>A set of algorithms of the kernel library that can be compiled for the host.</summary>
/// <param name="Name">How tests call it.</param>
/// <param name="Flags">What selects it.</param>
internal sealed record KernelTier(string Name, ImmutableArray<string> Flags)
{
    public static ImmutableArray<KernelTier> All { get; } =
    [
        new("plain", []),
        new("dsp", ["-DPQS_EMULATE_DSP"]),
        new("no-long-multiply", ["-DPQS_NO_LONG_MULTIPLY=1"]),
    ];

    public override string ToString() => Name;
}
