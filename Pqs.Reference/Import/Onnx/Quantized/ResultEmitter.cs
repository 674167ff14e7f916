using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import.Onnx.Quantized.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>Completes operators whose results are quantized, and adds them to the graph.</summary>
internal static class ResultEmitter
{
    /// <summary>The result as an int8 tensor; null, reported, where it cannot be one.</summary>
    /// <param name="node">The node that quantizes, or that needs the result.</param>
    /// <param name="result">The result.</param>
    /// <param name="output">What its integers stand for.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="said">The file's metadata of the layer.</param>
    public static Activation? Emit(QdqNode node, PendingResult result, Quantization output, string name, LayerMetadata? said)
    {
        var pending = result.Operator;
        if (pending.Kept is { } kept && kept != output)
        {
            // Moved first, then scaled: exact but for one rounding.
            var moved = Emit(node, new PendingResult(pending, result.Layout, result.Name), kept, result.Name, null);
            return moved == null ? null : Emit(node, result with { Operator = Rescaling.Of(pending.Node, moved.Tensor, kept, node.Draft) }, output, name, said);
        }

        if (pending.Build(output, said?.OutputRange ?? Range(result.Clamp, output), said) is not { } built || !Check(node, built, said))
        {
            return null;
        }

        // A matrix gives its rows in any shape; others need a node for another one.
        var isFree = pending.HasFreeShape && result.Layout.IsPlain;
        var isReshaped = result.IsReshaped && !isFree;
        var shape = isFree ? new Shape(result.Layout.Sizes.AsSpan()) : pending.Shape;
        var tensor = node.Draft.AddNode(pending.Node.Origin, built, pending.Inputs, isReshaped ? result.Name : name, shape, output);
        var activation = new Activation(tensor, result.Layout, output, IsUnsigned: false, ActivationForm.Integers);
        return isReshaped ? Reshaped(node, activation, name) : activation;
    }

    /// <summary>Integers in the dimensions that the file gives them, by a node of the graph.</summary>
    public static Activation Reshaped(QdqNode node, Activation activation, string name)
    {
        var shape = Orientation.ShapeOf(activation.Layout);
        var tensor = node.Draft.AddNode(node.Source.Origin, new Reshape(), [activation.Tensor], name, shape, activation.Quantization);
        return activation with { Tensor = tensor, IsReshaped = false };
    }

    /// <summary>A clamp of real numbers as bounds of integers.</summary>
    private static OutputRange Range(FloatRange clamp, Quantization output) => new(
        float.IsNegativeInfinity(clamp.Minimum) ? sbyte.MinValue : output.Nearest(clamp.Minimum),
        float.IsPositiveInfinity(clamp.Maximum) ? sbyte.MaxValue : output.Nearest(clamp.Maximum));

    private static bool Check(QdqNode node, Operator built, LayerMetadata? said)
    {
        if (said == null)
        {
            return true;
        }

        var problem = said.Operator != built.Name ? $"the layer is a {built.Name}"
            : built is DotProductOperator dot ? said.BrokenClaim(dot)
            : said.Accumulator != null || said.Rounding != null || said.WeightBits != null || said.Pruning != null ? $"a {built.Name} has no weights and no accumulator"
            : said.MultiplierBits != null && built is not Add ? $"a {built.Name} has no multipliers of {said.MultiplierBits} bits"
            : null;
        if (problem != null)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.MetadataInvalid, node.Place, Printable.Name(PqsMetadata.LayerPrefix + node.Source.Outputs[0]), problem);
        }

        return problem == null;
    }
}
