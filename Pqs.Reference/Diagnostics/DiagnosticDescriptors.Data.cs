namespace Pqs.Reference.Diagnostics;

/// <summary>PQS03xx: input samples and results.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NpyInvalid = new(
        "PQS0301", Severity.Error, "this is no .npy file of int8: {0}", "Save with numpy.save(path, array.astype(numpy.int8)), in C order.");

    public static readonly DiagnosticDescriptor SampleSize = new(
        "PQS0302", Severity.Error, "the file holds {0} elements, which are not whole samples of {1}", "A sample is all input tensors one after another.");

    public static readonly DiagnosticDescriptor NpyShape = new(
        "PQS0303", Severity.Error, "the array has shape {0}", "Several samples have their number in front of the shape of one.");

    public static readonly DiagnosticDescriptor SampleFormat = new(
        "PQS0304", Severity.Error, "the file is neither .npy nor .bin", "Give .npy (int8), or .bin with raw int8 samples one after another.");

    public static readonly DiagnosticDescriptor NpyManyInputs = new(
        "PQS0305", Severity.Error, "a .npy file holds one tensor, but the model has {0} inputs", "Give a .bin file with all inputs of a sample one after another.");

    public static readonly DiagnosticDescriptor NpyManyOutputs = new(
        "PQS0306", Severity.Error, "a .npy file holds one tensor, but the model has {0} outputs", "Give a .bin file; it gets all outputs of a sample one after another.");
}
