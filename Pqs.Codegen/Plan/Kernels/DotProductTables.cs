using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>The constant tables of a kernel that sums products in 32 bits.</summary>
/// <param name="Suffix">The end of the kernel's name: its rounding, and whether it saturates sums.</param>
/// <param name="LeastSums">By output channel, the least sum that a saturating kernel lets through; null where sums are not saturated.</param>
/// <param name="SumSpan">The greatest sum less the least one; 0 where sums are not saturated.</param>
internal sealed record DotProductTables(
    string Suffix, ConstantTable Weights, ConstantTable Bias, ConstantTable Multipliers, ConstantTable Shifts, ConstantTable? LeastSums, int SumSpan)
{
    /// <summary>The input's zero point is folded into the bias, as the kernels multiply by x itself: Σ w·(x − zx) + b = Σ w·x + (b − zx·Σ w).</summary>
    public static DotProductTables CreateFolded(DotProductOperator dot, ExactSum sum, int inputZeroPoint) => Create(
        dot,
        sum,
        dot.Bias.Select((bias, channel) =>
        {
            var weights = 0;
            for (var k = 0; k < dot.ProductCount; k++)
            {
                weights += dot.Weight(channel, k);
            }

            return checked(bias - (inputZeroPoint * weights));
        }));

    /// <summary>The members of a parameter struct that stand first.</summary>
    public IEnumerable<KernelField> Addresses() => ((ConstantTable[])[Weights, Bias, Multipliers, Shifts]).Select(KernelField.TableAddress);

    /// <summary>The members of a parameter struct that stand last.</summary>
    public IEnumerable<KernelField> Saturation() =>
    [
        LeastSums != null ? KernelField.TableAddress(LeastSums) : KernelField.NoTable("least_sums"),
        KernelField.Number("sum_span", SumSpan),
    ];

    public IEnumerable<ConstantTable> Tables() => ((ConstantTable?[])[Weights, Bias, Multipliers, Shifts, LeastSums]).OfType<ConstantTable>();

    private static DotProductTables Create(DotProductOperator dot, ExactSum sum, IEnumerable<int> bias)
    {
        var span = sum.Saturates ? (1L << dot.Accumulator.Bits) - 1 : 0;
        return new DotProductTables(
            (dot.Rounding == Rounding.Double ? "double" : "single") + (sum.Saturates ? "_exact" : ""),
            ConstantTable.Int8("weights", dot.Weights.Select(weight => (int)weight)),
            ConstantTable.Int32("bias", bias),
            ConstantTable.Int32("multipliers", dot.Requantizations.Select(factor => factor.Multiplier)),
            ConstantTable.Int8("shifts", dot.Requantizations.Select(factor => factor.Shift)),
            sum.Saturates ? ConstantTable.Int32("least_sums", dot.Bias.Select(value => LeastSum(value, span))) : null,
            (int)span);
    }

    /// <summary>
    /// The kernels' sums have the bias b in them, so the accumulator's range begins at b − 2^(P-1). Where that or the range's end is outside 32 bits, the
    /// range is moved inside: it still holds every sum, since |b| + 256 · Σ|w| fits 32 bits (DotProductVerifier), so 256 · Σ|w| is less than 2^(P-1) there.
    /// </summary>
    private static int LeastSum(int bias, long span) => (int)Math.Clamp(bias - ((span + 1) / 2), int.MinValue, int.MaxValue - span);
}
