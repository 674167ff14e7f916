using Pqs.Compress.Quantizing;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Compress.Assembly;

/// <summary>Fused activations as bounds of integers.</summary>
internal static class ActivationBounds
{
    /// <summary>The bounds of an activation, inside what the grid uses.</summary>
    public static OutputRange Of(FloatRange activation, ActivationGrid grid)
    {
        var (quantization, range) = grid;
        return new OutputRange(range.Clamp(quantization.Nearest(activation.Minimum)), range.Clamp(quantization.Nearest(activation.Maximum)));
    }
}
