namespace Pqs.Reference.Diagnostics;

/// <summary>PQS03xx: input samples, labels and results.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NpyInvalid = new(
        "PQS0301", Severity.Error, "this is no .npy file that can be read: {0}",
        "Save with numpy.save, little-endian and in C order; numpy.ascontiguousarray makes it so.");

    public static readonly DiagnosticDescriptor SampleSize = new(
        "PQS0302", Severity.Error, "the file holds {0} elements, which are not whole samples of {1}",
        "A sample is all input tensors one after another.");

    public static readonly DiagnosticDescriptor NpyShape = new(
        "PQS0303", Severity.Error, "the array has shape {0}", "Several samples have their number in front of the shape of one.");

    public static readonly DiagnosticDescriptor SampleFormat = new(
        "PQS0304", Severity.Error, "the file is neither .npy nor .bin",
        "Give a name that ends in .npy, or in .bin for raw int8 samples one after another.");

    public static readonly DiagnosticDescriptor NpyManyInputs = new(
        "PQS0305", Severity.Error, "such a file holds one tensor for each sample, but the model has {0} inputs",
        "Give a .bin file with all inputs of a sample one after another.");

    public static readonly DiagnosticDescriptor NpyManyOutputs = new(
        "PQS0306", Severity.Error, "a .npy file holds one tensor, but the model has {0} outputs",
        "Give a .bin file; it gets all outputs of a sample one after another.");

    public static readonly DiagnosticDescriptor DataTooLarge = new(
        "PQS0307", Severity.Error, "the data would take {0} bytes of memory; the limit is {1}",
        "Give fewer samples, or a smaller element type.");

    public static readonly DiagnosticDescriptor NpzInvalid = new(
        "PQS0308", Severity.Error, "this is no .npz file that can be read: {0}", "Save with numpy.savez or numpy.savez_compressed.");

    public static readonly DiagnosticDescriptor NpzArrayMissing = new(
        "PQS0309", Severity.Error, "the file has no array called {0}; it has: {1}", "Name one, as in digits.npz:x.");

    public static readonly DiagnosticDescriptor IdxInvalid = new(
        "PQS0310", Severity.Error, "this is no IDX file that can be read: {0}", "The file is damaged; get it again.");

    public static readonly DiagnosticDescriptor GzipInvalid = new(
        "PQS0311", Severity.Error, "the file cannot be unpacked: {0}", "The file is damaged; get it again, or unpack it with gunzip.");

    public static readonly DiagnosticDescriptor DataFormat = new(
        "PQS0312", Severity.Error, "the file is of no format that samples are read from",
        "Give .npy, .npz, IDX, one of these as .gz, raw elements as .bin, or a folder of images.");

    public static readonly DiagnosticDescriptor SampleNotFinite = new(
        "PQS0313", Severity.Error, "sample {0} has {1} at element {2}", "Leave the sample out, or replace the value.");

    public static readonly DiagnosticDescriptor DataTransposed = new(
        "PQS0314", Severity.Note, "the array {0} is taken as channels first, and turned into {1}",
        "Nothing is to be done if that is what the data is.");

    public static readonly DiagnosticDescriptor ImagesNeedShape = new(
        "PQS0315", Severity.Error, "a folder of images does not fit an input of {0}",
        "The input must have height, width and 1 or 3 channels; give other samples as .npy.");

    public static readonly DiagnosticDescriptor ImagesMissing = new(
        "PQS0316", Severity.Error, "images (.png, .jpg, .bmp, .pgm, .ppm): {0}",
        "Put all images into the folder, or all into one subfolder for each class.");

    public static readonly DiagnosticDescriptor ImageInvalid = new(
        "PQS0317", Severity.Error, "the image cannot be read: {0}", "Save it as PNG of 8 bits, not interlaced.");

    public static readonly DiagnosticDescriptor ImageSize = new(
        "PQS0318", Severity.Error, "the image has {0}x{1} pixels; the model takes {2}x{3}",
        "Resize it as was done for training; that is not done here, because how it is done changes results.");

    public static readonly DiagnosticDescriptor ImageChannels = new(
        "PQS0319", Severity.Error, "the image has {0}, which {1} channels cannot hold", "Convert it as was done for training.");

    public static readonly DiagnosticDescriptor LabelsInvalid = new(
        "PQS0320", Severity.Error, "these are no labels: {0}",
        "Labels are one integer of at least 0 for each sample, in an array of one dimension or as text, one a line.");

    public static readonly DiagnosticDescriptor LabelCount = new(
        "PQS0321", Severity.Error, "there are {0} labels for {1} samples", "Give a label for each sample, in the same order.");

    public static readonly DiagnosticDescriptor LabelRange = new(
        "PQS0322", Severity.Error, "sample {0} has the label {1}, but the model tells {2} classes apart",
        "Labels count the elements of the model's output from 0.");

    public static readonly DiagnosticDescriptor AccuracyManyOutputs = new(
        "PQS0323", Severity.Error, "accuracy is that of one output, but the model has {0}", "Leave out the labels.");

    public static readonly DiagnosticDescriptor SampleOutsideRange = new(
        "PQS0324", Severity.Error, "sample {0} has {1} at element {2}, but the input is declared to hold {3} to {4}",
        "Declare the range that samples have, or leave the sample out: proofs do not hold for it.");
}
