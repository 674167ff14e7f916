namespace Pqs.Reference.Diagnostics;

/// <summary>PQS02xx: invariants of the graph (<see cref="Model.GraphVerifier"/>). A pass that breaks one has a bug; a model that breaks one is refused.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor TensorOutOfRange = new(
        "PQS0201", Severity.Error, "tensor {0} does not exist; the graph has {1}", "The model refers to a tensor that it does not hold.");

    public static readonly DiagnosticDescriptor TensorOrder = new(
        "PQS0202", Severity.Error, "tensor {0} is read before it is written", "Nodes must be in execution order and form no cycle.");

    public static readonly DiagnosticDescriptor TensorWrittenTwice = new(
        "PQS0203", Severity.Error, "tensor {0} is written more than once", "Every tensor is a graph input or the output of exactly one node.");

    public static readonly DiagnosticDescriptor ShapeInvalid = new(
        "PQS0204", Severity.Error, "tensor {0} has the impossible shape {1}", "Dimensions are at least 1, of rank 1 to 6, and at most 67108864 elements in all.");

    public static readonly DiagnosticDescriptor OperatorShapes = new(
        "PQS0205", Severity.Error, "shapes do not fit the operator: {0}", "Export the model with static and consistent shapes.");

    public static readonly DiagnosticDescriptor ConstantLength = new(
        "PQS0206", Severity.Error, "{0} has {1} elements where {2} are needed", "The operator's constants must match its shape.");

    public static readonly DiagnosticDescriptor MultiplierInvalid = new(
        "PQS0207", Severity.Error, "the requantization of channel {0} is multiplier {1}, shift {2}", "Multipliers are in [2^30, 2^31) with shifts -31..30, or 0 with shift 0.");

    public static readonly DiagnosticDescriptor AccumulatorInvalid = new(
        "PQS0208", Severity.Error, "an accumulator of {0} bits with schedule {1} is not possible", "Widths are 8..32 bits; the wide schedule needs 32; a sorted one has at least 1 round and tiles of at least 2.");

    public static readonly DiagnosticDescriptor OutputRangeEmpty = new(
        "PQS0209", Severity.Error, "the output range {0}..{1} is empty", "The fused activation leaves no value that the output's quantization can hold.");

    public static readonly DiagnosticDescriptor QuantizationInvalid = new(
        "PQS0210", Severity.Error, "tensor {0} has scale {1} and zero point {2}", "A scale is finite and positive, a zero point is in -128..127.");

    public static readonly DiagnosticDescriptor WindowInvalid = new(
        "PQS0211", Severity.Error, "the window is not possible: {0}", "Kernel, stride and dilation are at least 1, and padding is smaller than the window.");

    public static readonly DiagnosticDescriptor ValueMayOverflow = new(
        "PQS0212", Severity.Error,
        "channel {0}: {1} may leave the range in which requantization is defined", "Biases or scales this large have no defined result; check the model's quantization.");

    public static readonly DiagnosticDescriptor GraphEmpty = new(
        "PQS0213", Severity.Error, "the graph has no {0}", "A model needs at least one input, one node and one output.");

    public static readonly DiagnosticDescriptor OutputNotWritten = new(
        "PQS0214", Severity.Error, "graph output {0} is not written by a node, or is listed twice", "Each output must be the result of an operator.");

    public static readonly DiagnosticDescriptor QuantizationDiffers = new(
        "PQS0215", Severity.Error, "input zero point {0} and output zero point {1} differ", "This operator moves values unchanged, so both tensors need one quantization.");

    public static readonly DiagnosticDescriptor SoftmaxInvalid = new(
        "PQS0216", Severity.Error, "softmax is not possible: {0}", "Check the softmax's input scale and size.");

    public static readonly DiagnosticDescriptor GraphTooLarge = new(
        "PQS0217", Severity.Error, "{0} are {1}; the limit is {2}", "This is far beyond a microcontroller; split or shrink the model.");

    public static readonly DiagnosticDescriptor InputCount = new(
        "PQS0218", Severity.Error, "the operator has {0} inputs where {1} are needed", "The node must name each of its inputs.");

    public static readonly DiagnosticDescriptor ValueNotFinite = new(
        "PQS0219", Severity.Error, "{0} has {1} at element {2}", "Weights and biases are finite numbers; check that the training converged.");

    public static readonly DiagnosticDescriptor DeclaredRangeInvalid = new(
        "PQS0220", Severity.Error, "tensor {0} is declared to hold {1} to {2}", "Only an input of the graph has a declared range: bounds in -128..127, the lower one first.");
}
