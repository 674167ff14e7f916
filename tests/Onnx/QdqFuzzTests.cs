using Google.Protobuf;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Onnx;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Onnx;

/// <summary>Damaged quantized models: bytes, and messages that still can be parsed.</summary>
internal sealed class QdqFuzzTests
{
    private static readonly byte[] Model = Exported(3);

    private static readonly long[] Interesting = [0, 1, -1, 2, 3, 4, 7, 16, 64, 128, 255, 1 << 20, 1 << 26, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, -2, -4];

    private static readonly string[] Operators =
    [
        "Add", "AveragePool", "Clip", "Conv", "DequantizeLinear", "Dropout", "Flatten", "Gemm", "GlobalAveragePool", "Identity", "MatMul", "MaxPool", "Mul", "Pad", "QuantizeLinear",
        "Relu", "Reshape", "Softmax", "Squeeze", "Transpose", "Unsqueeze", "Constant", "LSTM", "",
    ];

    [Test]
    public void A_file_cut_at_any_length_is_survived()
    {
        for (var length = 0; length < Model.Length; length++)
        {
            Survival.AssertOnnxImport(Model[..length], () => $"cutting at {length}");
        }
    }

    [Test]
    public void Any_bit_flipped_is_survived()
    {
        var step = Property.IsLong ? 1 : 7;
        for (var bit = 0; bit < 8 * Model.Length; bit += step)
        {
            var bytes = (byte[])Model.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Survival.AssertOnnxImport(bytes, () => $"bit {bit}");
        }
    }

    [Test]
    public void Random_damage_is_survived()
    {
        for (var number = 0; number < (Property.IsLong ? 200_000 : 5000); number++)
        {
            var random = new Random(number);
            var bytes = random.Next(4) == 0 ? Exported((uint)random.Next(40)) : (byte[])Model.Clone();
            for (var count = random.Next(1, 5); count > 0; count--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Survival.AssertOnnxImport(bytes, () => $"damage {number}");
        }
    }

    [Test]
    public void Models_with_other_numbers_names_and_operators_are_survived()
    {
        var accepted = 0;
        for (var number = 0; number < (Property.IsLong ? 300_000 : 8000); number++)
        {
            accepted += Survival.AssertOnnxImport(Changed(number), () => $"change {number}") == null ? 0 : 1;
        }

        Assert.That(accepted, Is.Positive, "some changes do no harm");
    }

    private static byte[] Exported(uint number) =>
        OnnxExporter.Export(InterpreterTests.Import(RandomModel.Numbered(number, 5)), new DiagnosticBag()) ?? throw new InvalidOperationException("A random model cannot be exported.");

    private static byte[] Changed(int number)
    {
        var random = new Random(number);
        var cases = QdqCases.All;
        var model = ModelProto.Parser.ParseFrom(random.Next(3) == 0 ? Exported((uint)(number % 60)) : cases[random.Next(cases.Length)].Model());
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            Change(model, random);
        }

        return model.ToByteArray();
    }

    private static void Change(ModelProto model, Random random)
    {
        var graph = model.Graph;
        var node = graph.Node[random.Next(graph.Node.Count)];
        switch (random.Next(11))
        {
            case 4 or 5 when graph.Initializer.Count > 0:
                var tensor = graph.Initializer[random.Next(graph.Initializer.Count)];
                ChangeTensor(tensor, random, Number());
                break;
            case 6 when graph.Input[0].Type.TensorType.Shape is { Dim.Count: > 0 } shape:
                shape.Dim[random.Next(shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimValue = Number() };
                break;
            case 7 when model.MetadataProps.Count > 0:
                var entry = model.MetadataProps[random.Next(model.MetadataProps.Count)];
                var text = random.Next(2) == 0 ? entry.Value : entry.Key;
                var at = random.Next(text.Length + 1);
                text = text[..at] + "0\"},[-\\u:"[random.Next(9)] + text[Math.Min(text.Length, at + random.Next(3))..];
                (entry.Key, entry.Value) = random.Next(2) == 0 ? (text, entry.Value) : (entry.Key, text);
                break;
            case 8:
                graph.Input[0].Type.TensorType.ElemType = (TensorProto.Types.DataType)random.Next(24);
                break;
            case 9:
                graph.Output[0].Name = graph.Node[random.Next(graph.Node.Count)].Output[0];
                break;
            case var kind:
                OnnxDamage.ChangeNode(graph, node, kind, Operators, random, Number);
                break;
        }

        long Number() => random.Next(2) == 0 ? random.Next(-3, 6) : Interesting[random.Next(Interesting.Length)];
    }

    private static void ChangeTensor(TensorProto tensor, Random random, long number)
    {
        switch (random.Next(4))
        {
            case 0:
                tensor.DataType = (TensorProto.Types.DataType)random.Next(24);
                break;
            case 1 when tensor.RawData.Length > 0:
                var bytes = tensor.RawData.ToByteArray();
                var value = random.Next(3) == 0 ? BitConverter.GetBytes(float.NaN) : BitConverter.GetBytes(number);
                value.AsSpan(0, Math.Min(value.Length, bytes.Length)).CopyTo(bytes);
                tensor.RawData = ByteString.CopyFrom(bytes);
                break;
            case 2:
                var dimensions = tensor.Dims.Order().ToArray();
                tensor.Dims.Clear();
                tensor.Dims.Add(random.Next(2) == 0 ? dimensions : [.. dimensions, 1]);
                break;
            default:
                if (tensor.Int64Data.Count > 0)
                {
                    tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = number;
                }
                else if (tensor.FloatData.Count > 0)
                {
                    tensor.FloatData[0] = random.Next(3) switch { 0 => float.NaN, 1 => 1e38f, _ => -1 };
                }

                break;
        }
    }
}
