using System.Collections.Immutable;

namespace Pqs.Tests.Bench;

/// <summary>
/// What TensorFlow Lite Micro (90b983c2) with CMSIS-NN (99f736a), both at -O3, takes for a model of MLPerf Tiny, dense and of 8 bits: GNU Arm 12.2, QEMU 7.2
/// -icount shift=0.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Instructions">Executed instructions of an inference in millions, by core; cores on which it was not measured are missing.</param>
/// <param name="Flash">Bytes of flash on a Cortex-M4, tables and code.</param>
/// <param name="Arena">Bytes of the arena on a Cortex-M4.</param>
internal sealed record ModelPeer(string Model, ImmutableDictionary<string, double> Instructions, long Flash, long Arena)
{
    public static ImmutableArray<ModelPeer> All { get; } =
    [
        new("resnet8", On(41.76, 29.73, 4.81), 159_792, 55_008),
        new("kws", On(10.55, 7.69, 1.79), 116_116, 22_832),
        new("ad01", On(0.956, 0.582, 0.285), 309_772, 3_024),
    ];

    /// <summary>M7 was within 0.7 % of M4.</summary>
    private static ImmutableDictionary<string, double> On(double m3, double m4, double m55) => ImmutableDictionary.CreateRange(
        new[] { ("cortex-m3", m3), ("cortex-m4", m4), ("cortex-m7", m4), ("cortex-m55", m55) }.Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2)));
}
