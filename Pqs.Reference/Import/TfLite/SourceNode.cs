using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.TfLite;

/// <summary>A node of the model file, with the readers that the operators' importers share; each reports what does not fit and returns null.</summary>
internal sealed record SourceNode(
    int Index,
    int Code,
    FlatTable Table,
    IReadOnlyList<SourceTensor?> Inputs,
    IReadOnlyList<SourceTensor?> Outputs,
    string File,
    DiagnosticBag Diagnostics)
{
    public string Origin => $"node {Index} {BuiltinOperator.Name(Code)}";

    public string Place => $"{File}: {Origin}";

    /// <summary>
    /// The operator's options, or null, reported, where the file has none or those of another operator.
    /// </summary>
    public FlatTable? ReadOptions(int tag)
    {
        var actual = Table.Byte(TfLiteSchema.Operator.OptionsType);
        if (actual == tag && Table.Table(TfLiteSchema.Operator.Options) is { } options)
        {
            return options;
        }

        Diagnostics.Report(DiagnosticDescriptors.OperandMissing, Place, $"options of its kind (kind {actual} where {tag} is needed)");
        return null;
    }

    public SourceTensor? ReadInput(int index, string what)
    {
        if (index < Inputs.Count && Inputs[index] is { } tensor)
        {
            return tensor;
        }

        Diagnostics.Report(DiagnosticDescriptors.OperandMissing, Place, what);
        return null;
    }

    public Tensor? ReadInputActivation(int index)
    {
        if (ReadInput(index, $"input {index}") is not { } tensor)
        {
            return null;
        }

        if (tensor.IsConstant)
        {
            Diagnostics.Report(DiagnosticDescriptors.ConstantAsActivation, Place, tensor.QuotedName);
            return null;
        }

        return tensor.ReadActivation(Place, Diagnostics);
    }

    public Tensor? ReadOutputActivation()
    {
        if (Outputs.Count != 1 || Outputs[0] is not { } tensor)
        {
            Diagnostics.Report(DiagnosticDescriptors.OperandMissing, Place, "single output");
            return null;
        }

        return tensor.ReadActivation(Place, Diagnostics);
    }

    /// <summary>A fused activation as clamp bounds in the output's quantized domain.</summary>
    public OutputRange? ReadActivationRange(int activation, Quantization output)
    {
        switch (activation)
        {
            case TfLiteSchema.Activation.None:
                return OutputRange.Full;
            case TfLiteSchema.Activation.Relu:
                return new OutputRange(output.Nearest(0), sbyte.MaxValue);
            case TfLiteSchema.Activation.Relu6:
                return new OutputRange(output.Nearest(0), output.Nearest(6));
            case TfLiteSchema.Activation.ReluMinus1To1:
                return new OutputRange(output.Nearest(-1), output.Nearest(1));
            default:
                ReportActivation(activation);
                return null;
        }
    }

    public void ReportActivation(int activation) =>
        Unsupported("fused_activation_function", TfLiteSchema.Activation.Name(activation), "only NONE, RELU, RELU6 and RELU_N1_TO_1 can be fused");

    /// <summary>A window from its options; null, reported, for paddings and steps that do not exist.</summary>
    public Window? ReadWindow(
        Shape input, (int Height, int Width) kernel, (int Height, int Width) stride, (int Height, int Width) dilation, int padding)
    {
        if (input.Rank != 4)
        {
            Diagnostics.Report(DiagnosticDescriptors.OperatorShapes, Place, $"the input {input} is not NxHxWxC");
            return null;
        }

        if (padding is not (TfLiteSchema.Padding.Same or TfLiteSchema.Padding.Valid))
        {
            Unsupported("padding", padding, "only SAME and VALID exist");
            return null;
        }

        if (kernel.Height < 1 || kernel.Width < 1 || stride.Height < 1 || stride.Width < 1 || dilation.Height < 1 || dilation.Width < 1)
        {
            Diagnostics.Report(
                DiagnosticDescriptors.WindowInvalid,
                Place,
                $"kernel {kernel.Height}x{kernel.Width}, stride {stride.Height}x{stride.Width}, dilation {dilation.Height}x{dilation.Width}");
            return null;
        }

        return padding == TfLiteSchema.Padding.Same
            ? new Window(
                WindowAxis.Same(input[1], kernel.Height, stride.Height, dilation.Height),
                WindowAxis.Same(input[2], kernel.Width, stride.Width, dilation.Width))
            : new Window(
                WindowAxis.Valid(kernel.Height, stride.Height, dilation.Height),
                WindowAxis.Valid(kernel.Width, stride.Width, dilation.Width));
    }

    public void Unsupported(string attribute, object value, string why) =>
        Diagnostics.Report(DiagnosticDescriptors.AttributeUnsupported, Place, attribute, value, why);
}
