using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Onnx;
using AttributeType = Pqs.Reference.Onnx.AttributeProto.Types.AttributeType;

namespace Pqs.Reference.Import.Onnx;

/// <summary>What a node reads: a value by name, which is a constant or is computed.</summary>
/// <param name="Name">Untrusted text.</param>
/// <param name="Constant">The constant, or null for a value that depends on the model's inputs.</param>
internal sealed record OnnxOperand(string Name, OnnxTensor? Constant)
{
    public string QuotedName => Printable.Name(Name);
}

/// <summary>A node of an ONNX file, with readers of its operands and attributes; each reports what does not fit and returns null.</summary>
/// <param name="Index">Its number in the file.</param>
/// <param name="Operator">
/// The operator's name, of letters, digits, dots and underscores; one that is not of ONNX itself has its domain in front, for example <c>com.microsoft.Gelu</c>.
/// </param>
/// <param name="Name">The node's own name; untrusted text, may be empty.</param>
/// <param name="Inputs">Operands; null for one that is left out.</param>
/// <param name="Outputs">Names of the values that it gives; empty for one that is left out.</param>
/// <param name="Attributes">By name.</param>
/// <param name="Opset">Version of the operator set.</param>
/// <param name="File">The file's name in diagnostics.</param>
/// <param name="Diagnostics">Receives what does not fit.</param>
internal sealed record OnnxNode(
    int Index,
    string Operator,
    string Name,
    ImmutableArray<OnnxOperand?> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableSortedDictionary<string, AttributeProto> Attributes,
    int Opset,
    string File,
    DiagnosticBag Diagnostics)
{
    /// <summary>Which node it is, in text that is printable and may stand in generated files: its name in the file is not part of it.</summary>
    public string Origin => $"node {Index} {Operator}";

    /// <summary>The place of diagnostics, for example <c>net.onnx: node 3 Conv 'stem'</c>.</summary>
    public string Place => Name.Length == 0 ? $"{File}: {Origin}" : $"{File}: {Origin} {Printable.Name(Name)}";

    public bool HasInput(int index) => index < Inputs.Length && Inputs[index] != null;

    /// <summary>An operand that the node must have.</summary>
    public OnnxOperand? ReadInput(int index, string what)
    {
        if (!HasInput(index))
        {
            Diagnostics.Report(DiagnosticDescriptors.OperandMissing, Place, what);
            return null;
        }

        return Inputs[index];
    }

    /// <summary>An operand that must be there and constant.</summary>
    public OnnxTensor? ReadConstant(int index, string what)
    {
        var input = ReadInput(index, what);
        if (input is { Constant: null })
        {
            Diagnostics.Report(DiagnosticDescriptors.ConstantExpected, Place, what, input.QuotedName);
        }

        return input?.Constant;
    }

    /// <summary>An operand that must be a constant of real numbers.</summary>
    public ImmutableArray<float>? ReadFloats(int index, string what) => ReadConstant(index, what)?.ReadFloats(Place, Diagnostics);

    /// <summary>An operand that must be a constant of integers.</summary>
    public ImmutableArray<long>? ReadIntegers(int index, string what) => ReadConstant(index, what)?.ReadIntegers(Place, Diagnostics);

    /// <summary>The only output that other nodes or the caller may read; further ones, such as a dropout's mask, are not imported.</summary>
    public string? ReadOutput()
    {
        if (Outputs.Length > 0 && Outputs[0].Length > 0)
        {
            return Outputs[0];
        }

        Diagnostics.Report(DiagnosticDescriptors.OperandMissing, Place, "first output");
        return null;
    }

    /// <summary>False, reported, for a node with an attribute that is not named here: it would change what the node means.</summary>
    public bool RequireAttributes(params ReadOnlySpan<string> known)
    {
        foreach (var name in Attributes.Keys)
        {
            if (!known.Contains(name))
            {
                RefuseAttribute(Printable.Name(name), Text(Attributes[name]), "it is not known for this operator");
                return false;
            }
        }

        return true;
    }

    public bool HasAttribute(string name) => Attributes.ContainsKey(name);

    public long? ReadInteger(string name, long whenAbsent) =>
        !Attributes.TryGetValue(name, out var attribute) ? whenAbsent : Is(attribute, AttributeType.Int) ? attribute.I : null;

    public float? ReadFloat(string name, float whenAbsent) =>
        !Attributes.TryGetValue(name, out var attribute) ? whenAbsent : Is(attribute, AttributeType.Float) ? attribute.F : null;

    public string? ReadString(string name, string whenAbsent) =>
        !Attributes.TryGetValue(name, out var attribute) ? whenAbsent : Is(attribute, AttributeType.String) ? attribute.S.ToStringUtf8() : null;

    public ImmutableArray<long>? ReadIntegers(string name, ImmutableArray<long> whenAbsent) =>
        !Attributes.TryGetValue(name, out var attribute) ? whenAbsent : Is(attribute, AttributeType.Ints) ? [.. attribute.Ints] : null;

    public void RefuseAttribute(string attribute, object value, string why) =>
        Diagnostics.Report(DiagnosticDescriptors.AttributeUnsupported, Place, attribute, value, why);

    public void RefuseShapes(string what) => Diagnostics.Report(DiagnosticDescriptors.OperatorShapes, Place, what);

    /// <summary>Writers of the first version of the format left the type of an attribute out.</summary>
    private bool Is(AttributeProto attribute, AttributeType type)
    {
        if (attribute.Type == type || attribute.Type == AttributeType.Undefined)
        {
            return true;
        }

        RefuseAttribute(attribute.Name, Text(attribute), $"it must be of type {type.ToString().ToLowerInvariant()}");
        return false;
    }

    private static string Text(AttributeProto attribute) => attribute.Type switch
    {
        AttributeType.Int => FormattableString.Invariant($"{attribute.I}"),
        AttributeType.Float => FormattableString.Invariant($"{attribute.F}"),
        AttributeType.String => Printable.Name(attribute.S.ToStringUtf8()),
        AttributeType.Ints => $"[{string.Join(", ", attribute.Ints.Take(16))}]",
        _ => $"a value of type {attribute.Type.ToString().ToLowerInvariant()}",
    };
}
