using System.Collections.Immutable;
using Google.FlatBuffers;

namespace Pqs.Tests.TfLite;

/// <summary>
/// Writes a <see cref="TfLiteFile"/>. Field numbers are those of TensorFlow Lite's schema.fbs, written out here a second time so that an error in the
/// importer's own list shows.
/// </summary>
internal static class TfLiteWriter
{
    public static byte[] Write(TfLiteFile file)
    {
        var builder = new FlatBufferBuilder(1024) { ForceDefaults = true };
        var codes = Tables(builder, file.OperatorCodes, code => OperatorCode(builder, code));
        var subgraphs = Tables(builder, file.Subgraphs, subgraph => Subgraph(builder, subgraph));
        var buffers = Tables(builder, file.Buffers, buffer => Buffer(builder, buffer));
        builder.StartTable(5);
        builder.AddInt(0, file.Version, 0);
        builder.AddOffset(1, codes, 0);
        builder.AddOffset(2, subgraphs, 0);
        builder.AddOffset(4, buffers, 0);
        builder.Finish(builder.EndTable(), file.Identifier);
        return builder.SizedByteArray();
    }

    private static int OperatorCode(FlatBufferBuilder builder, TfLiteOperatorCode code)
    {
        builder.StartTable(4);
        builder.AddSbyte(0, code.Deprecated, 0);
        builder.AddInt(3, code.Builtin, 0);
        return builder.EndTable();
    }

    private static int Subgraph(FlatBufferBuilder builder, TfLiteSubgraph subgraph)
    {
        var tensors = Tables(builder, subgraph.Tensors, tensor => Tensor(builder, tensor));
        var inputs = Ints(builder, subgraph.Inputs);
        var outputs = Ints(builder, subgraph.Outputs);
        var operators = Tables(builder, subgraph.Operators, @operator => Operator(builder, @operator));
        builder.StartTable(5);
        builder.AddOffset(0, tensors, 0);
        builder.AddOffset(1, inputs, 0);
        builder.AddOffset(2, outputs, 0);
        builder.AddOffset(3, operators, 0);
        return builder.EndTable();
    }

    private static int Tensor(FlatBufferBuilder builder, TfLiteTensor tensor)
    {
        var shape = Ints(builder, tensor.Shape);
        var name = Bytes(builder, tensor.Name);
        var quantization = tensor.Quantization is { } given ? Quantization(builder, given) : 0;
        var sparsity = tensor.IsSparse ? EmptyTable(builder) : 0;
        builder.StartTable(7);
        builder.AddOffset(0, shape, 0);
        builder.AddSbyte(1, tensor.Type, 0);
        builder.AddUint(2, tensor.Buffer, 0);
        builder.AddOffset(3, name, 0);
        builder.AddOffset(4, quantization, 0);
        builder.AddBool(5, tensor.IsVariable, false);
        builder.AddOffset(6, sparsity, 0);
        return builder.EndTable();
    }

    private static int Quantization(FlatBufferBuilder builder, TfLiteQuantization quantization)
    {
        var scales = Vector(builder, quantization.Scales, sizeof(float), builder.AddFloat);
        var zeroPoints = Vector(builder, quantization.ZeroPoints, sizeof(long), builder.AddLong);
        builder.StartTable(7);
        builder.AddOffset(2, scales, 0);
        builder.AddOffset(3, zeroPoints, 0);
        builder.AddByte(4, quantization.DetailsType, 0);
        builder.AddInt(6, quantization.Dimension, 0);
        return builder.EndTable();
    }

    private static int Buffer(FlatBufferBuilder builder, TfLiteBuffer buffer)
    {
        var data = Bytes(builder, buffer.Data);
        builder.StartTable(3);
        builder.AddOffset(0, data, 0);
        builder.AddUlong(1, buffer.Offset, 0);
        builder.AddUlong(2, buffer.Size, 0);
        return builder.EndTable();
    }

    private static int Operator(FlatBufferBuilder builder, TfLiteOperator @operator)
    {
        var inputs = Ints(builder, @operator.Inputs);
        var outputs = Ints(builder, @operator.Outputs);
        var options = @operator.Options is { } fields ? Options(builder, fields) : 0;
        builder.StartTable(5);
        builder.AddUint(0, @operator.Code, 0);
        builder.AddOffset(1, inputs, 0);
        builder.AddOffset(2, outputs, 0);
        builder.AddByte(3, @operator.OptionsType, 0);
        builder.AddOffset(4, options, 0);
        return builder.EndTable();
    }

    private static int Options(FlatBufferBuilder builder, ImmutableArray<TfLiteOption> options)
    {
        builder.StartTable(options.Select(option => option.Field + 1).DefaultIfEmpty(0).Max());
        foreach (var (field, value) in options)
        {
            switch (value)
            {
                case sbyte number:
                    builder.AddSbyte(field, number, 0);
                    break;
                case int number:
                    builder.AddInt(field, number, 0);
                    break;
                case float number:
                    builder.AddFloat(field, number, 0);
                    break;
                default:
                    throw new ArgumentException($"Options have no fields of type {value.GetType()}.", nameof(options));
            }
        }

        return builder.EndTable();
    }

    private static int EmptyTable(FlatBufferBuilder builder)
    {
        builder.StartTable(0);
        return builder.EndTable();
    }

    private static int Tables<T>(FlatBufferBuilder builder, ImmutableArray<T> items, Func<T, int> write)
    {
        var tables = items.Select(write).ToArray();
        builder.StartVector(sizeof(int), tables.Length, sizeof(int));
        foreach (var table in tables.Reverse())
        {
            builder.AddOffset(table);
        }

        return builder.EndVector().Value;
    }

    private static int Ints(FlatBufferBuilder builder, ImmutableArray<int>? values) =>
        values is { } given ? Vector(builder, given, sizeof(int), builder.AddInt) : 0;

    private static int Bytes(FlatBufferBuilder builder, ImmutableArray<byte>? bytes)
    {
        if (bytes is not { } given)
        {
            return 0;
        }

        // Constants are aligned for the widest element, as TensorFlow Lite's converter aligns them.
        builder.StartVector(sizeof(byte), given.Length, 16);
        builder.Add(given.AsSpan().ToArray());
        return builder.EndVector().Value;
    }

    private static int Vector<T>(FlatBufferBuilder builder, ImmutableArray<T> values, int elementSize, Action<T> add)
    {
        builder.StartVector(elementSize, values.Length, elementSize);
        foreach (var value in values.AsSpan().ToArray().Reverse())
        {
            add(value);
        }

        return builder.EndVector().Value;
    }
}
