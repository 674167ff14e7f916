using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Tests.Bench;

/// <summary>A layer whose cost is compared with CMSIS-NN's.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind">Which target counts for it.</param>
/// <param name="Input">Shape of its input.</param>
/// <param name="OutputChannels">Its output channels.</param>
/// <param name="Kernel">Side of its square window; 0 for a matrix.</param>
/// <param name="Peer">
/// Executed instructions of CMSIS-NN (99f736a, int8, dense, GNU Arm 12.2 -O3, QEMU 7.2 -icount shift=0) for each MAC, by core; cores on which it was not measured
/// are missing.
/// </param>
internal sealed record LayerShape(string Name, LayerKind Kind, Shape Input, int OutputChannels, int Kernel, ImmutableDictionary<string, double> Peer)
{
    public static ImmutableArray<LayerShape> All { get; } =
    [
        new("conv 3x3 16>16, 32x32", LayerKind.Convolution, new(1, 32, 32, 16), 16, 3, On(m3: 3.33, m4: 2.32, m33: 2.32, m55: 0.39)),
        new("conv 3x3 32>32, 16x16", LayerKind.Convolution, new(1, 16, 16, 32), 32, 3, On(m3: 2.87, m4: 1.92, m33: 1.93, m55: 0.25)),
        new("conv 3x3 64>64, 8x8", LayerKind.Convolution, new(1, 8, 8, 64), 64, 3, On(m3: 2.67, m4: 1.76, m33: 1.76, m55: 0.21)),
        new("conv 1x1 64>64, 25x5", LayerKind.Convolution, new(1, 25, 5, 64), 64, 1, On(m3: 3.11, m4: 2.05, m33: 2.04, m55: 0.40)),
        new("conv 1x1 32>32, 25x5", LayerKind.Convolution, new(1, 25, 5, 32), 32, 1, On(m0: 9.08, m4: 2.67)),
        new("conv 3x3 8>8, 16x16", LayerKind.Convolution, new(1, 16, 16, 8), 8, 3, On(m0: 9.94, m4: 3.47)),
        new("depthwise 3x3 64, 25x5", LayerKind.Depthwise, new(1, 25, 5, 64), 64, 3, On(m3: 9.37, m4: 8.09, m33: 8.09, m55: 2.32)),
        new("depthwise 3x3 8, 16x16", LayerKind.Depthwise, new(1, 16, 16, 8), 8, 3, On(m0: 38.5, m4: 9.52)),
        new("matrix 640>128", LayerKind.Matrix, new(1, 640), 128, 0, On(m3: 3.44, m4: 1.95, m33: 1.95, m55: 0.49)),
        new("matrix 128>128", LayerKind.Matrix, new(1, 128), 128, 0, On(m3: 3.67, m4: 2.27, m33: 2.28, m55: 0.58)),
    ];

    /// <summary>Products of one output value.</summary>
    public int Products => Kind switch
    {
        LayerKind.Convolution => Kernel * Kernel * Input[3],
        LayerKind.Depthwise => Kernel * Kernel,
        _ => Input[1],
    };

    public Shape Output => Kind == LayerKind.Matrix ? new(1, OutputChannels) : new(1, Input[1], Input[2], OutputChannels);

    public Window Window => new(WindowAxis.Same(Input[1], Kernel, 1, 1), WindowAxis.Same(Input[2], Kernel, 1, 1));

    private static ImmutableDictionary<string, double> On(double? m0 = null, double? m3 = null, double? m4 = null, double? m33 = null, double? m55 = null) =>
        ImmutableDictionary.CreateRange(
            new[] { ("cortex-m0", m0), ("cortex-m3", m3), ("cortex-m4", m4), ("cortex-m7", m4), ("cortex-m33", m33), ("cortex-m55", m55) }
                .Where(entry => entry.Item2 != null)
                .Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2!.Value)));
}

internal enum LayerKind
{
    Convolution,
    Depthwise,
    Matrix,
}
