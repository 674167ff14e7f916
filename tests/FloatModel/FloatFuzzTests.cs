using Google.Protobuf;
using NUnit.Framework;
using Pqs.Reference.Onnx;
using Pqs.Tests.Onnx;
using Pqs.Tests.Reference;

namespace Pqs.Tests.FloatModel;

/// <summary>Damaged float models: bytes, and messages that still can be parsed.</summary>
internal sealed class FloatFuzzTests
{
    private static readonly long[] Interesting = [0, 1, -1, 2, 3, 4, 7, 16, 64, 1 << 20, 1 << 26, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, -2, -4];

    private static readonly string[] Operators =
    [
        "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "Conv", "Div", "Dropout", "Flatten", "Gather", "Gemm", "GlobalAveragePool", "Identity",
        "MatMul", "MaxPool", "Mul", "Pad", "ReduceMean", "Relu", "Reshape", "Shape", "Slice", "Softmax", "Squeeze", "Sub", "Transpose", "Unsqueeze", "LSTM", "",
    ];

    [Test]
    public void Damaged_bytes_are_survived()
    {
        for (var number = 0; number < (Property.IsLong ? 100_000 : 3000); number++)
        {
            var random = new Random(number);
            var bytes = RandomNetwork.Numbered(number % 40);
            for (var count = random.Next(1, 5); count > 0; count--)
            {
                bytes[random.Next(Math.Min(bytes.Length, random.Next(1, bytes.Length + 1)))] = (byte)random.Next(256);
            }

            FloatSurvival.AssertImport(random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes, () => $"damage {number}");
        }
    }

    [Test]
    public void Models_with_other_numbers_and_operators_are_survived()
    {
        for (var number = 0; number < (Property.IsLong ? 300_000 : 6000); number++)
        {
            FloatSurvival.AssertImport(Changed(number), () => $"change {number}");
        }
    }

    private static byte[] Changed(int number)
    {
        var random = new Random(number);
        var cases = WindowCases.All.Concat(ElementwiseCases.All).Concat(ShapeCases.All).ToArray();
        var model = ModelProto.Parser.ParseFrom(random.Next(3) == 0 ? RandomNetwork.Numbered(number % 40) : cases[random.Next(cases.Length)].Model());
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            Change(model.Graph, random);
        }

        return model.ToByteArray();
    }

    private static void Change(GraphProto graph, Random random)
    {
        var node = graph.Node[random.Next(graph.Node.Count)];
        switch (random.Next(8))
        {
            case 4 when graph.Initializer.Count > 0:
                var tensor = graph.Initializer[random.Next(graph.Initializer.Count)];
                for (var i = 0; i < tensor.Int64Data.Count; i++)
                {
                    tensor.Int64Data[i] = Number();
                }

                if (tensor.FloatData.Count > 0)
                {
                    tensor.FloatData[random.Next(tensor.FloatData.Count)] = float.NaN;
                }

                break;
            case 5 when graph.Initializer.Count > 0:
                var shaped = graph.Initializer[random.Next(graph.Initializer.Count)];
                var dimensions = shaped.Dims.Order().ToArray();
                shaped.Dims.Clear();
                shaped.Dims.Add(random.Next(2) == 0 ? dimensions : [.. dimensions, 1]);
                break;
            case 6 when graph.Input[0].Type.TensorType.Shape is { Dim.Count: > 0 } shape:
                shape.Dim[random.Next(shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimValue = Number() };
                break;
            case var kind:
                OnnxDamage.ChangeNode(graph, node, kind, Operators, random, Number);
                break;
        }

        long Number() => random.Next(2) == 0 ? random.Next(-3, 6) : Interesting[random.Next(Interesting.Length)];
    }
}
