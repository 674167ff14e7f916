using System.Collections.Immutable;

namespace Pqs.Codegen.Emulation;

/// <summary>What the verification program reported on one sample.</summary>
/// <param name="LayerTicks">Ticks by layer, in order.</param>
/// <param name="InvokeTicks">Ticks of the whole call; null when it did not end well.</param>
/// <param name="Status">The code that the call returned; 0 is success.</param>
public sealed record SampleReport(ImmutableArray<long> LayerTicks, long? InvokeTicks, int Status)
{
    public static SampleReport Empty { get; } = new([], null, 0);
}
