using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.FlatBuffers;

namespace Pqs.Tests.TfLite;

/// <summary>
/// Writes a <see cref="TfLiteFile"/>. Field numbers are those of TensorFlow Lite's schema.fbs, written out here a second time so that an error in the
/// importer's own list shows. An object that the description holds more than once is written once, and shared.
/// </summary>
internal sealed class TfLiteWriter
{
    private readonly FlatBufferBuilder _builder = new(1024) { ForceDefaults = true };
    private readonly Dictionary<object, int> _written = new(ReferenceEqualityComparer.Instance);

    private TfLiteWriter()
    {
    }

    public static byte[] Write(TfLiteFile file) => new TfLiteWriter().Model(file);

    private byte[] Model(TfLiteFile file)
    {
        var codes = Tables(file.OperatorCodes, OperatorCode);
        var subgraphs = Tables(file.Subgraphs, Subgraph);
        var buffers = Tables(file.Buffers, Buffer);
        _builder.StartTable(5);
        _builder.AddInt(0, file.Version, 0);
        _builder.AddOffset(1, codes, 0);
        _builder.AddOffset(2, subgraphs, 0);
        _builder.AddOffset(4, buffers, 0);
        _builder.Finish(_builder.EndTable(), file.Identifier);
        return _builder.SizedByteArray();
    }

    private int OperatorCode(TfLiteOperatorCode code)
    {
        _builder.StartTable(4);
        _builder.AddSbyte(0, code.Deprecated, 0);
        _builder.AddInt(3, code.Builtin, 0);
        return _builder.EndTable();
    }

    private int Subgraph(TfLiteSubgraph subgraph)
    {
        var tensors = Tables(subgraph.Tensors, Tensor);
        var inputs = Ints(subgraph.Inputs);
        var outputs = Ints(subgraph.Outputs);
        var operators = Tables(subgraph.Operators, Operator);
        _builder.StartTable(5);
        _builder.AddOffset(0, tensors, 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddOffset(3, operators, 0);
        return _builder.EndTable();
    }

    private int Tensor(TfLiteTensor tensor)
    {
        var shape = Ints(tensor.Shape);
        var name = Bytes(tensor.Name);
        var quantization = tensor.Quantization is { } given ? Quantization(given) : 0;
        var sparsity = tensor.IsSparse ? EmptyTable() : 0;
        _builder.StartTable(7);
        _builder.AddOffset(0, shape, 0);
        _builder.AddSbyte(1, tensor.Type, 0);
        _builder.AddUint(2, tensor.Buffer, 0);
        _builder.AddOffset(3, name, 0);
        _builder.AddOffset(4, quantization, 0);
        _builder.AddBool(5, tensor.IsVariable, false);
        _builder.AddOffset(6, sparsity, 0);
        return _builder.EndTable();
    }

    private int Quantization(TfLiteQuantization quantization)
    {
        var scales = Vector(quantization.Scales, sizeof(float), _builder.AddFloat);
        var zeroPoints = Vector(quantization.ZeroPoints, sizeof(long), _builder.AddLong);
        _builder.StartTable(7);
        _builder.AddOffset(2, scales, 0);
        _builder.AddOffset(3, zeroPoints, 0);
        _builder.AddByte(4, quantization.DetailsType, 0);
        _builder.AddInt(6, quantization.Dimension, 0);
        return _builder.EndTable();
    }

    private int Buffer(TfLiteBuffer buffer)
    {
        var data = Bytes(buffer.Data);
        _builder.StartTable(3);
        _builder.AddOffset(0, data, 0);
        _builder.AddUlong(1, buffer.Offset, 0);
        _builder.AddUlong(2, buffer.Size, 0);
        return _builder.EndTable();
    }

    private int Operator(TfLiteOperator @operator)
    {
        var inputs = Ints(@operator.Inputs);
        var outputs = Ints(@operator.Outputs);
        var options = @operator.Options is { } fields ? Options(fields) : 0;
        _builder.StartTable(5);
        _builder.AddUint(0, @operator.Code, 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddByte(3, @operator.OptionsType, 0);
        _builder.AddOffset(4, options, 0);
        return _builder.EndTable();
    }

    private int Options(ImmutableArray<TfLiteOption> options)
    {
        _builder.StartTable(options.Select(option => option.Field + 1).DefaultIfEmpty(0).Max());
        foreach (var (field, value) in options)
        {
            switch (value)
            {
                case sbyte number:
                    _builder.AddSbyte(field, number, 0);
                    break;
                case int number:
                    _builder.AddInt(field, number, 0);
                    break;
                case float number:
                    _builder.AddFloat(field, number, 0);
                    break;
                default:
                    throw new ArgumentException($"Options have no fields of type {value.GetType()}.", nameof(options));
            }
        }

        return _builder.EndTable();
    }

    private int EmptyTable()
    {
        _builder.StartTable(0);
        return _builder.EndTable();
    }

    private int Once(object content, Func<int> write)
    {
        if (!_written.TryGetValue(content, out var position))
        {
            position = write();
            _written.Add(content, position);
        }

        return position;
    }

    private int Tables<T>(ImmutableArray<T> items, Func<T, int> write)
        where T : class
    {
        var tables = items.Select(item => Once(item, () => write(item))).ToArray();
        _builder.StartVector(sizeof(int), tables.Length, sizeof(int));
        foreach (var table in tables.Reverse())
        {
            _builder.AddOffset(table);
        }

        return _builder.EndVector().Value;
    }

    private int Ints(ImmutableArray<int>? values) =>
        values is { } given ? Vector(given, sizeof(int), _builder.AddInt) : 0;

    private int Bytes(ImmutableArray<byte>? bytes)
    {
        if (bytes is not { } given)
        {
            return 0;
        }

        var content = ImmutableCollectionsMarshal.AsArray(given)!;
        return Once(content, () =>
        {
            // Constants are aligned for the widest element, as TensorFlow Lite's converter aligns them.
            _builder.StartVector(sizeof(byte), content.Length, 16);
            _builder.Add(content);
            return _builder.EndVector().Value;
        });
    }

    private int Vector<T>(ImmutableArray<T> values, int elementSize, Action<T> add)
    {
        var content = ImmutableCollectionsMarshal.AsArray(values)!;
        return Once(content, () =>
        {
            _builder.StartVector(elementSize, content.Length, elementSize);
            foreach (var value in content.Reverse())
            {
                add(value);
            }

            return _builder.EndVector().Value;
        });
    }
}
