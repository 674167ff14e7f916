using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>A node of a quantized ONNX file, with what the operators' importers share; each reader reports what does not fit and returns null.</summary>
internal sealed record QdqNode(OnnxNode Source, QdqScope Scope)
{
    public QuantizedDraft Draft => Scope.Draft;

    public DiagnosticBag Diagnostics => Source.Diagnostics;

    public string Place => Source.Place;

    /// <summary>What an operand stands for; null for a constant that is no quantized one, and where something is reported.</summary>
    public QuantizedValue? ValueOf(int index) =>
        Source.HasInput(index) && Source.Inputs[index] is { Constant: null } operand ? Scope.Values.GetValueOrDefault(operand.Name) : null;

    /// <summary>An activation in real numbers. The result of an operator that only moves integers is one without being quantized.</summary>
    public Activation? ReadReal(int index)
    {
        if (ReadOperand(index) is not { } value)
        {
            return null;
        }

        switch (value)
        {
            case Activation { Form: ActivationForm.Real, Factor: 1 } activation:
                return activation;
            case PendingResult { Operator.Kept: { } kept } pending when pending.Clamp == FloatRange.None:
                if (ResultEmitter.Emit(this, pending, kept, pending.Name, null) is not { } moved)
                {
                    return null;
                }

                var real = moved with { Form = ActivationForm.Real };
                Scope.Values[Source.Inputs[index]!.Name] = real;
                return real;
            default:
                RefusePattern(index, value);
                return null;
        }
    }

    /// <summary>An activation in whatever form, or the result of an operator, of which only the order of elements matters.</summary>
    public QuantizedValue? ReadAny(int index) => ReadOperand(index);

    public void RefusePattern(int index, QuantizedValue value) => Diagnostics.Report(
        DiagnosticDescriptors.QdqExpected,
        Place,
        Source.Inputs[index]!.QuotedName,
        value switch
        {
            Activation { Form: ActivationForm.Unquantized } => "is read before it is quantized",
            Activation { Form: ActivationForm.Integers } => "is an integer tensor where real numbers are needed",
            PendingResult => "is read before it is quantized",
            Activation => "is multiplied by a constant, which only a softmax can have in front",
            _ => "is a constant of quantized numbers where an activation is needed",
        });

    /// <summary>The elements cannot stay where they are.</summary>
    public void RefuseMovement(int index, string purpose) =>
        Diagnostics.Report(DiagnosticDescriptors.ElementsMove, Place, Source.Inputs[index]!.QuotedName, purpose);

    /// <summary>The tensor of an image N×C×H×W, as N×H×W×C.</summary>
    public int? ReadImage(int index, Activation activation)
    {
        if (activation.Layout.Rank != 4)
        {
            Source.RefuseShapes($"[{string.Join('x', activation.Layout.Sizes)}] is not NxCxHxW");
            return null;
        }

        if (!activation.Layout.IsImage)
        {
            RefuseMovement(index, "from NxCxHxW to NxHxWxC");
            return null;
        }

        var sizes = activation.Layout.Sizes;
        return Draft.InShape(activation.Tensor, new Shape(sizes[0], sizes[2], sizes[3], sizes[1]), Source);
    }

    /// <summary>A shape, or null, reported, where no tensor can have it.</summary>
    public Shape? Possible(params ReadOnlySpan<long> dimensions)
    {
        if (dimensions.ContainsAnyExceptInRange(1, GraphVerifier.MaximumElements) || !ToShape(dimensions).IsPossible)
        {
            Diagnostics.Report(
                DiagnosticDescriptors.ShapeInvalid, Place, Printable.Name(Source.Outputs[0]), string.Join('x', dimensions[..Math.Min(dimensions.Length, 8)].ToArray()));
            return null;
        }

        return ToShape(dimensions);
    }

    private static Shape ToShape(ReadOnlySpan<long> dimensions) => new([.. dimensions.ToArray().Select(dimension => (int)dimension)]);

    private QuantizedValue? ReadOperand(int index)
    {
        if (Source.ReadInput(index, $"input {index}") is not { } operand)
        {
            return null;
        }

        if (operand.Constant != null)
        {
            Diagnostics.Report(DiagnosticDescriptors.ConstantAsActivation, Place, operand.QuotedName);
            return null;
        }

        if (!Scope.Values.TryGetValue(operand.Name, out var value))
        {
            // A further output of a node of which only the first is imported.
            Source.RefuseAttribute("input", operand.QuotedName, "only a node's first output is computed");
            return null;
        }

        if (value is IntegerConstant or DequantizedConstant)
        {
            Diagnostics.Report(DiagnosticDescriptors.ConstantAsActivation, Place, operand.QuotedName);
            return null;
        }

        return value;
    }
}
