namespace Pqs.Reference.Diagnostics;

/// <summary>PQS01xx: model files and what they hold.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor FileNotReadable = new(
        "PQS0101", Severity.Error, "the file cannot be read: {0}", "Check the path and its permissions.");

    public static readonly DiagnosticDescriptor FileTooLarge = new(
        "PQS0102", Severity.Error, "the file has {0} bytes; the limit is {1}", "This is far beyond a microcontroller; split or shrink it.");

    public static readonly DiagnosticDescriptor FormatUnknown = new(
        "PQS0103", Severity.Error, "this is neither a TensorFlow Lite nor an ONNX model that can be read: {0}", "Give a .tflite file, whose bytes 4 to 7 read TFL3, or an .onnx file.");

    public static readonly DiagnosticDescriptor FileMalformed = new(
        "PQS0104", Severity.Error, "the model file is damaged: {0}", "Export or copy the model again.");

    public static readonly DiagnosticDescriptor SubgraphCount = new(
        "PQS0105", Severity.Error, "the model has {0} subgraphs", "Exactly one subgraph can be imported; control flow cannot.");

    public static readonly DiagnosticDescriptor OperatorUnsupported = new(
        "PQS0106", Severity.Error, "operator {0} is not supported (supported: {1})", "Replace the operator before converting the model.");

    public static readonly DiagnosticDescriptor AttributeUnsupported = new(
        "PQS0107", Severity.Error, "attribute {0} = {1} is not supported: {2}", "Change the layer, or the converter's options, so that it is not needed.");

    public static readonly DiagnosticDescriptor TensorTypeUnsupported = new(
        "PQS0108", Severity.Error, "tensor {0} is {1} where {2} is needed", "A quantized model is int8 throughout, inputs and outputs included; a float model is float32 throughout.");

    public static readonly DiagnosticDescriptor TensorQuantizationUnsupported = new(
        "PQS0109", Severity.Error, "tensor {0}: {1}", "Activations have one scale and one zero point; weights are symmetric, with one scale or one for each output channel.");

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

    public static readonly DiagnosticDescriptor ModelIsQuantized = new(
        "PQS0116", Severity.Error, "the model is quantized already: {0}", "Give the float model that it was made from.");

    public static readonly DiagnosticDescriptor ExternalData = new(
        "PQS0117", Severity.Error, "constant {0} is stored outside the file", "Save the model as one file: onnx.save(model, path, save_as_external_data=False).");

    public static readonly DiagnosticDescriptor OpsetUnsupported = new(
        "PQS0118", Severity.Error, "operator set version {0} is not supported (supported: {1} to {2})", "Export the model for one of these, or convert it: onnx.version_converter.");

    public static readonly DiagnosticDescriptor InputShapeUnknown = new(
        "PQS0119", Severity.Error, "graph input {0} has no fixed size {1}", "Export with static shapes, or run python -m onnxruntime.tools.make_dynamic_shape_fixed on the file.");

    public static readonly DiagnosticDescriptor BatchTakenAsOne = new(
        "PQS0120", Severity.Note, "the batch of graph input {0} has no fixed size and is taken as 1", "");

    public static readonly DiagnosticDescriptor QdqExpected = new(
        "PQS0121", Severity.Error, "value {0} {1}", "Every operator stands between DequantizeLinear and QuantizeLinear; quantize the whole model, for example with onnxruntime's quantize_static in QDQ format.");

    public static readonly DiagnosticDescriptor MetadataInvalid = new(
        "PQS0122", Severity.Error, "metadata {0} is not valid: {1}", "Write the model again with pqs, or remove all entries that begin with pqs.");

    public static readonly DiagnosticDescriptor ModelIsFloat = new(
        "PQS0123", Severity.Error, "the model is not quantized", "Make a quantized model of it with pqs compress.");

    public static readonly DiagnosticDescriptor SoftmaxScale = new(
        "PQS0124", Severity.Warning, "softmax output {0} has scale {1} in the file; it is computed with scale 1/256", "Read the output with scale 1/256 and zero point -128.");

    public static readonly DiagnosticDescriptor ElementsMove = new(
        "PQS0125", Severity.Error, "the elements of {0} would have to be moved {1}", "Transposes and reshapes may give dimensions other names, but not move elements.");
}
