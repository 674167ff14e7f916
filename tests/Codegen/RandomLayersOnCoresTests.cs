using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Targets;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Random networks of many small layers, of every operator, schedule and storage of weights, on each core under QEMU.</summary>
internal sealed class RandomLayersOnCoresTests
{
    private static readonly uint Networks = Property.IsLong ? 20u : 1u;

    private const int Layers = 32;

    /// <summary>A network with every kernel.</summary>
    private const uint First = 28;

    /// <summary>In long runs all; else one for each tier of the kernels.</summary>
    private static readonly string[] Cores = Property.IsLong
        ? ["cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"]
        : ["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m55"];

    private static readonly Pruning[] Sizes = Property.IsLong
        ? [new(2, 4, 6), new(1, 4, 5), new(4, 8, 6), new(2, 4, 8), new(3, 16, 8), new(2, 4, 6, Shared: 4)]
        : [new(2, 4, 6), new(3, 16, 8)];

    /// <summary>Patterns, with bits of weights, and kernels.</summary>
    private static readonly IEnumerable<TestCaseData> OneKernel =
    [
        new(2, 4, 6, "conv2d_pairs"), new(4, 8, 6, "conv2d_packed_gaps"), new(4, 8, 8, "conv2d_packed_wide_gaps"), new(2, 4, 8, "conv2d_packed_wide"),
        .. Property.IsLong
            ? [new(2, 4, 8, "conv2d_pairs_wide"), new(1, 8, 5, "conv2d_packed_gaps"), new(3, 16, 8, "conv2d_packed_wide"), new(2, 8, 5, "conv2d_packed")]
            : Array.Empty<TestCaseData>(),
    ];

    public static IEnumerable<TestCaseData> Graphs => RandomGraphs.Concat(Sizes.Select((pruning, index) =>
        new TestCaseData(PrunedNetworks.OfEverySize(pruning, (uint)index)).SetArgDisplayNames($"sizes {pruning.N} of {pruning.M} {pruning.Bits} bits shared by {pruning.Shared}")));

    private static IEnumerable<TestCaseData> RandomGraphs => Enumerable.Range(0, (int)Networks).SelectMany(number => new[]
    {
        new TestCaseData(PrunedNetworks.Many(First + (uint)number, Layers)).SetArgDisplayNames($"pruned {number}"),
        new TestCaseData(NarrowNetworks.Narrow(Codegen.Graphs.Import(RandomModel.Numbered(100 + (uint)number, Layers)), number)).SetArgDisplayNames($"narrow {number}"),
    });

    /// <summary>Otherwise the test below would say little.</summary>
    [Test]
    public void A_network_has_every_kernel_of_pruned_weights()
    {
        string[] kernels = ["pqs_conv2d_packed_wide_gaps_", "pqs_conv2d_packed_s", "pqs_conv2d_packed_d", "pqs_conv2d_packed_gaps_", "pqs_fully_connected_packed_", "pqs_fully_connected_sparse_", "pqs_depthwise_conv2d_packed_"];
        string[] functions = [.. ModelBatch.Plan(PrunedNetworks.Many(First, Layers)).Steps.Select(step => step.Call?.Function).OfType<string>()];
        Assert.That(kernels.Where(kernel => !functions.Any(function => function.StartsWith(kernel, StringComparison.Ordinal))), Is.Empty);
    }

    [TestCaseSource(nameof(Graphs))]
    public Task Every_core_computes_what_the_interpreter_does(Graph graph) => Check(graph, target => target.Costs);

    /// <summary>On cores too that would not choose it.</summary>
    [TestCase(4, "fully_connected_packed")]
    [TestCase(4, "fully_connected_packed_quads")]
    [TestCase(4, "fully_connected_packed_rows")]
    [TestCase(2, "fully_connected_packed_by2")]
    [TestCase(2, "fully_connected_packed_rows_by2")]
    [TestCase(1, "fully_connected_pairs")]
    public Task Shared_positions_in_every_storage(int shared, string kernel) =>
        Check(PrunedNetworks.SharedPositions(1, shared), _ => Targeted.Only(kernel), new PlanOptions(RamLimit: 1 << 20));

    /// <summary>On cores too that would not choose it, by the portable form.</summary>
    [TestCaseSource(nameof(OneKernel))]
    public Task Convolutions_by_one_kernel(int n, int m, int bits, string kernel) =>
        Check(PrunedNetworks.Convolutions(1000, new Pruning(n, m, bits)), _ => Targeted.Only(kernel), new PlanOptions(RamLimit: 1 << 20));

    private static async Task Check(Graph graph, Func<Target, CostTable> costs, PlanOptions? options = null)
    {
        Tools.Require("arm-none-eabi-gcc", Qemu.Tool);
        await Targeted.VerifyAsync(ModelCase.Of(graph), Cores, target => ModelBatch.Plan(graph, options, costs(target)));
    }
}
