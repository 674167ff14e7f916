using Pqs.Reference.Model;

namespace Pqs.Compress.Quantizing;

/// <summary>The quantization of an activation tensor, and the integers that it uses.</summary>
/// <param name="Quantization">Scale and zero point.</param>
/// <param name="Range">All of the int8 container for 8 bits, a part of it for fewer.</param>
public sealed record ActivationGrid(Quantization Quantization, OutputRange Range)
{
    public const int MinimumBits = 4;

    public const int MaximumBits = 8;

    private const double CutOnEachSide = 1e-4;

    /// <summary>Ends that are tried on each side for the least error.</summary>
    private const int Candidates = 40;

    /// <summary>Chooses the range by a method, with 0 in it, and from it scale and zero point. A tensor without negative values has zero point -128.</summary>
    public static ActivationGrid Choose(ValueHistogram values, ActivationMethod method, int bits)
    {
        var (low, high) = values.Counts.IsEmpty ? (0, 0) : method switch
        {
            ActivationMethod.Percentile => Percentile(values),
            ActivationMethod.LeastSquares => LeastSquares(values, bits),
            _ => (values.Minimum, values.Maximum),
        };
        return Covering(low, high, bits);
    }

    /// <summary>The grid whose ends are these, or next to them, since 0 has an integer of its own.</summary>
    /// <param name="low">At most 0.</param>
    /// <param name="high">At least 0.</param>
    /// <param name="bits">4..8.</param>
    public static ActivationGrid Covering(double low, double high, int bits)
    {
        var steps = (1 << bits) - 1;
        var scale = (float)((high - low) / steps);
        if (!(scale > 0 && float.IsFinite(scale)))
        {
            scale = 1f / steps;
        }

        var minimum = low < 0 ? -(1 << (bits - 1)) : sbyte.MinValue;
        var zeroPoint = (int)Math.Clamp(Math.Round(minimum - (low / scale), MidpointRounding.AwayFromZero), minimum, minimum + steps);
        return new ActivationGrid(new Quantization(scale, zeroPoint), new OutputRange((sbyte)minimum, (sbyte)(minimum + steps)));
    }

    private static (float Low, float High) Percentile(ValueHistogram values)
    {
        var cut = (long)(values.Counts.Sum() * CutOnEachSide);
        var (first, last) = (0, values.Counts.Length - 1);
        for (var below = values.Counts[first]; below <= cut; below += values.Counts[first])
        {
            first++;
        }

        for (var above = values.Counts[last]; above <= cut; above += values.Counts[last])
        {
            last--;
        }

        return (
            (float)Math.Min(0, values.Minimum + (first * values.BinWidth)),
            (float)Math.Max(0, values.Minimum + ((last + 1) * values.BinWidth)));
    }

    private static (float Low, float High) LeastSquares(ValueHistogram values, int bits)
    {
        var best = (values.Minimum, values.Maximum);
        var bestError = double.PositiveInfinity;
        for (var i = Candidates; i > 0; i--)
        {
            for (var j = Candidates; j > 0; j--)
            {
                var (low, high) = (values.Minimum * i / Candidates, values.Maximum * j / Candidates);
                var error = Error(values, Covering(low, high, bits));
                if (error < bestError)
                {
                    (best, bestError) = ((low, high), error);
                }

                if (values.Maximum == 0)
                {
                    break;
                }
            }

            if (values.Minimum == 0)
            {
                break;
            }
        }

        return best;
    }

    private static double Error(ValueHistogram values, ActivationGrid grid)
    {
        var ((scale, zeroPoint), range) = grid;
        var error = 0.0;
        for (var bin = 0; bin < values.Counts.Length; bin++)
        {
            // A value that is 0 in many places, as after a ReLU, has no error; the first or last bin holds it.
            var value = values.Center(bin);
            var integer = Math.Clamp(Math.Round(value / scale) + zeroPoint, range.Minimum, range.Maximum);
            var difference = value - ((integer - zeroPoint) * scale);
            error += values.Counts[bin] * difference * difference;
        }

        return error;
    }
}
