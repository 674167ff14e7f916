using System.Collections.Immutable;
using Google.Protobuf;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx;

/// <summary>
/// An ONNX file (operator sets <see cref="MinimumOpset"/> to <see cref="MaximumOpset"/>) with every name in it resolved. Constant nodes and copies of constants
/// have become constants; nodes whose results reach no graph output are noted and left out; the rest is in an order in which every value is given before it is
/// read.
/// </summary>
/// <param name="File">The file's name in diagnostics.</param>
/// <param name="Opset">Version of the operator set of ONNX.</param>
/// <param name="Nodes">In execution order.</param>
/// <param name="Inputs">What a caller supplies.</param>
/// <param name="Outputs">Values that a caller receives; a constant one is refused.</param>
/// <param name="Metadata">Entries of the model's metadata, in file order.</param>
internal sealed record OnnxSourceModel(
    string File,
    int Opset,
    ImmutableArray<OnnxNode> Nodes,
    ImmutableArray<OnnxInput> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableArray<KeyValuePair<string, string>> Metadata)
{
    public const int MinimumOpset = 9;

    public const int MaximumOpset = 24;

    private const int RecursionLimit = 16;

    /// <summary>True when the model quantizes or dequantizes anything that reaches an output.</summary>
    public bool IsQuantized => Nodes.Any(IsQuantizing);

    /// <summary>True for QuantizeLinear and DequantizeLinear, of whatever domain.</summary>
    public static bool IsQuantizing(OnnxNode node) => node.Operator is "QuantizeLinear" or "DequantizeLinear" or "com.microsoft.QuantizeLinear" or "com.microsoft.DequantizeLinear";

    /// <returns>The contents of the file, or null when an error was reported.</returns>
    public static OnnxSourceModel? Read(byte[] bytes, string file, DiagnosticBag diagnostics)
    {
        if (OnnxWire.Problem(bytes) is { } problem)
        {
            diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, problem);
            return null;
        }

        ModelProto model;
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, RecursionLimit);
            model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(input);
        }
        catch (InvalidProtocolBufferException exception)
        {
            diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, exception.Message);
            return null;
        }

        return ReadOpset(model, file, diagnostics) is { } opset ? new OnnxResolution(model, opset, file, diagnostics).Run() : null;
    }

    /// <summary>The version of ONNX's own operators. Those of other domains have no version here: the importers know few of them.</summary>
    private static int? ReadOpset(ModelProto model, string file, DiagnosticBag diagnostics)
    {
        var versions = model.OpsetImport.Where(import => import.Domain is "" or "ai.onnx").Select(import => import.Version).ToArray();
        if (versions.Length == 0 || versions.Any(version => version is < MinimumOpset or > MaximumOpset) || versions.Distinct().Count() > 1)
        {
            var found = versions.Length == 0 ? "none" : string.Join(", ", versions.Take(4));
            diagnostics.Report(DiagnosticDescriptors.OpsetUnsupported, file, found, MinimumOpset, MaximumOpset);
            return null;
        }

        return (int)versions[0];
    }
}
