using System.Collections.Immutable;
using System.Text;

namespace Pqs.Tests.TfLite;

/// <summary>
/// The contents of a .tflite file, valid or not: whatever a FlatBuffer of TensorFlow Lite's schema can say. Null means that a field is absent.
/// Tests break a valid file with <c>with</c> expressions and the helpers below; <see cref="TfLiteWriter"/> turns it into bytes.
/// </summary>
internal sealed record TfLiteFile
{
    public string Identifier { get; init; } = "TFL3";

    public int Version { get; init; } = 3;

    public ImmutableArray<TfLiteOperatorCode> OperatorCodes { get; init; } = [];

    public ImmutableArray<TfLiteSubgraph> Subgraphs { get; init; } = [];

    /// <summary>By convention the first one is empty: tensors without data refer to it.</summary>
    public ImmutableArray<TfLiteBuffer> Buffers { get; init; } = [];

    public TfLiteSubgraph Subgraph => Subgraphs[0];

    public TfLiteFile WithSubgraph(Func<TfLiteSubgraph, TfLiteSubgraph> change) => this with { Subgraphs = Subgraphs.SetItem(0, change(Subgraph)) };

    public TfLiteFile WithTensor(int index, Func<TfLiteTensor, TfLiteTensor> change) =>
        WithSubgraph(subgraph => subgraph with { Tensors = subgraph.Tensors.SetItem(index, change(subgraph.Tensors[index])) });

    public TfLiteFile WithOperator(int index, Func<TfLiteOperator, TfLiteOperator> change) =>
        WithSubgraph(subgraph => subgraph with { Operators = subgraph.Operators.SetItem(index, change(subgraph.Operators[index])) });

    public TfLiteFile WithBuffer(int index, Func<TfLiteBuffer, TfLiteBuffer> change) =>
        this with { Buffers = Buffers.SetItem(index, change(Buffers[index])) };
}

/// <param name="Deprecated">The code as files from before schema 3a have it.</param>
/// <param name="Builtin">The code as later files have it.</param>
internal sealed record TfLiteOperatorCode(sbyte Deprecated, int Builtin);

internal sealed record TfLiteSubgraph
{
    public ImmutableArray<TfLiteTensor> Tensors { get; init; } = [];

    public ImmutableArray<int> Inputs { get; init; } = [];

    public ImmutableArray<int> Outputs { get; init; } = [];

    public ImmutableArray<TfLiteOperator> Operators { get; init; } = [];
}

internal sealed record TfLiteTensor
{
    public const sbyte Int32 = 2;
    public const sbyte Int64 = 4;
    public const sbyte Int8 = 9;

    public ImmutableArray<int>? Shape { get; init; }

    public sbyte Type { get; init; } = Int8;

    public uint Buffer { get; init; }

    /// <summary>Bytes, since a file may hold any; normally UTF-8.</summary>
    public ImmutableArray<byte>? Name { get; init; }

    public TfLiteQuantization? Quantization { get; init; }

    public bool IsVariable { get; init; }

    public bool IsSparse { get; init; }

    public static ImmutableArray<byte> Utf8(string name) => [.. Encoding.UTF8.GetBytes(name)];
}

/// <param name="Dimension">The dimension along which the scales run.</param>
/// <param name="DetailsType">Tag of the quantization's own details; 0 for none.</param>
internal sealed record TfLiteQuantization(
    ImmutableArray<float> Scales, ImmutableArray<long> ZeroPoints, int Dimension = 0, byte DetailsType = 0);

/// <param name="Offset">Where the data lies outside the FlatBuffer; 0 or 1 when it does not.</param>
internal sealed record TfLiteBuffer(ImmutableArray<byte>? Data, ulong Offset = 0, ulong Size = 0);

/// <param name="Inputs">Tensor indices; -1 for an operand that is left out.</param>
/// <param name="OptionsType">Tag of the options' union; 0 for none.</param>
/// <param name="Options">Fields of the options' table, or null for no table.</param>
internal sealed record TfLiteOperator(
    uint Code, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs, byte OptionsType = 0, ImmutableArray<TfLiteOption>? Options = null)
{
    public TfLiteOperator WithOption(int field, object value) =>
        this with { Options = [.. (Options ?? []).Where(option => option.Field != field), new TfLiteOption(field, value)] };
}

/// <param name="Field">Number in the schema.</param>
/// <param name="Value">An sbyte, int or float: the field's type.</param>
internal sealed record TfLiteOption(int Field, object Value);
