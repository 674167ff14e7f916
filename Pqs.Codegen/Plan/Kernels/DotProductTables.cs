using Pqs.Codegen.Analysis;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>The constant tables of a dot-product kernel.</summary>
internal sealed record DotProductTables(ConstantTable Weights, ConstantTable Bias, ConstantTable Multipliers, ConstantTable Shifts)
{
    /// <summary>
    /// True for a layer that any loop computes which sums its products in 32 bits: no addition of its schedule saturates. That holds for wide ones, since
    /// the graph's invariants bound every partial sum inside 32 bits; and where the bounds prove it for every channel, for bounded ones, and for any schedule
    /// at widths that have no loops of their own.
    /// </summary>
    public static bool IsExactSum(LayerContext layer, DotProductOperator @operator) =>
        @operator.Accumulator == Accumulator.Wide
        || ((@operator.Accumulator.Schedule == Schedule.Bounded || @operator.Accumulator.Bits > NarrowKernel.MaximumBits)
            && layer.ProofAt(@operator.Accumulator.Bits) == Proof.AnyOrder);

    public static string Suffix(DotProductOperator @operator) => @operator.Rounding == Rounding.Double ? "double" : "single";

    /// <summary>Tables for a kernel that multiplies by x − zx.</summary>
    public static DotProductTables Create(DotProductOperator @operator) => Create(@operator, @operator.Bias);

    /// <summary>Tables for a kernel that multiplies by x itself: Σ w·(x − zx) + b = Σ w·x + (b − zx·Σ w).</summary>
    public static DotProductTables CreateFolded(DotProductOperator @operator, int inputZeroPoint) => Create(
        @operator,
        @operator.Bias.Select((bias, channel) =>
        {
            var sum = 0;
            for (var k = 0; k < @operator.ProductCount; k++)
            {
                sum += @operator.Weights[@operator.WeightIndex(channel, k)];
            }

            return checked(bias - (inputZeroPoint * sum));
        }));

    public IEnumerable<KernelField> Addresses() => Tables().Select(KernelField.TableAddress);

    public IEnumerable<ConstantTable> Tables() => [Weights, Bias, Multipliers, Shifts];

    private static DotProductTables Create(DotProductOperator @operator, IEnumerable<int> bias) => new(
        ConstantTable.Int8("weights", @operator.Weights.Select(weight => (int)weight)),
        ConstantTable.Int32("bias", bias),
        ConstantTable.Int32("multipliers", @operator.Requantizations.Select(factor => factor.Multiplier)),
        ConstantTable.Int8("shifts", @operator.Requantizations.Select(factor => factor.Shift)));
}
