namespace Pqs.Reference.Diagnostics;

/// <summary>PQS01xx: model files and what they hold.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor FileNotReadable = new(
        "PQS0101", Severity.Error, "the file cannot be read: {0}", "Check the path and its permissions.");

    public static readonly DiagnosticDescriptor FileTooLarge = new(
        "PQS0102", Severity.Error, "the file has {0} bytes; the limit is {1}", "This is far beyond a microcontroller; split or shrink it.");

    public static readonly DiagnosticDescriptor FormatUnknown = new(
        "PQS0103", Severity.Error, "this is not a TensorFlow Lite model: {0}", "Give a .tflite file; its bytes 4 to 7 read TFL3.");

    public static readonly DiagnosticDescriptor FileMalformed = new(
        "PQS0104", Severity.Error, "the model file is damaged: {0}", "Export or copy the model again.");

    public static readonly DiagnosticDescriptor SubgraphCount = new(
        "PQS0105", Severity.Error, "the model has {0} subgraphs", "Exactly one subgraph can be imported; control flow cannot.");

    public static readonly DiagnosticDescriptor OperatorUnsupported = new(
        "PQS0106", Severity.Error, "operator {0} is not supported (supported: {1})", "Replace the operator before converting the model.");

    public static readonly DiagnosticDescriptor AttributeUnsupported = new(
        "PQS0107", Severity.Error, "attribute {0} = {1} is not supported: {2}", "Change the layer, or the converter's options, so that it is not needed.");

    public static readonly DiagnosticDescriptor TensorTypeUnsupported = new(
        "PQS0108", Severity.Error, "tensor {0} is {1} where {2} is needed", "Convert the model with full int8 quantization, inputs and outputs included.");

    public static readonly DiagnosticDescriptor TensorQuantizationUnsupported = new(
        "PQS0109", Severity.Error, "tensor {0}: {1}", "Convert with TensorFlow Lite's int8 specification: per-tensor activations, symmetric weights.");

    public static readonly DiagnosticDescriptor OperandMissing = new(
        "PQS0110", Severity.Error, "the node has no {0}", "The model file is damaged, or of a dialect that this tool does not know.");

    public static readonly DiagnosticDescriptor ConstantExpected = new(
        "PQS0111", Severity.Error, "{0} ({1}) must be a constant", "Fold computed weights, biases and paddings into constants before converting.");

    public static readonly DiagnosticDescriptor ConstantAsActivation = new(
        "PQS0112", Severity.Error, "input {0} is a constant", "Only weights, biases and paddings can be constants; fold this one into a neighbouring operator.");

    public static readonly DiagnosticDescriptor ConstantSize = new(
        "PQS0113", Severity.Error, "{0} holds {1} bytes where its shape needs {2}", "The model file is damaged.");

    public static readonly DiagnosticDescriptor ScaleOutOfRange = new(
        "PQS0114", Severity.Error, "the scale factor {0} of {1} is out of range", "Scales must be positive, finite, and give factors below 2^30.");

    public static readonly DiagnosticDescriptor NodeDropped = new(
        "PQS0115", Severity.Note, "{0} does not contribute to an output and is left out", "");
}
