using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Import.TfLite.Float;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.FloatModel;

/// <summary>A float model of the same layers as an int8 one becomes a graph of the same nodes.</summary>
internal sealed class FloatTfLiteTests
{
    [Test]
    public void The_small_model_is_imported_like_its_quantized_brother() => AssertBrothers(SmallModel.Builder());

    [Test]
    public void Random_models_are_imported_like_their_quantized_brothers()
    {
        for (var number = 0u; number < (Property.IsLong ? 20_000 : 300); number++)
        {
            AssertBrothers(RandomModel.Numbered(number, 8));
        }
    }

    [TestCase("PQS0116", "tensor 'input' is INT8")]
    public void A_quantized_model_is_refused(string id, string message) => AssertRefused(id, message, file => file, SmallModel.Builder().File);

    [Test]
    public void What_is_not_float_is_refused()
    {
        AssertRefused("PQS0108", "tensor 'input' is FLOAT16 where FLOAT32 is needed", file => file.WithTensor(0, tensor => tensor with { Type = 1 }));
        AssertRefused("PQS0116", "is INT8", file => file.WithTensor(file.Subgraph.Operators[SmallModel.Conv].Inputs[1], tensor => tensor with { Type = TfLiteTensor.Int8 }));
        AssertRefused("PQS0109", "it is a variable", file => file.WithTensor(file.Subgraph.Operators[SmallModel.Add].Outputs[0], tensor => tensor with { IsVariable = true }));
        AssertRefused("PQS0107", "attribute beta = 2 is not supported", file => file.WithOperator(SmallModel.Softmax, node => node.WithOption(0, 2f)));
        AssertRefused("PQS0107", "fused_activation_function = TANH", file => file.WithOperator(SmallModel.Conv, node => node.WithOption(3, (sbyte)4)));
        AssertRefused("PQS0106", "operator LOGISTIC", file => file with { OperatorCodes = [.. file.OperatorCodes.Select(code => code.Builtin == 25 ? new TfLiteOperatorCode(14, 14) : code)] });
        AssertRefused("PQS0113", "bytes where its shape needs", file => file.WithTensor(file.Subgraph.Operators[SmallModel.Conv].Inputs[1], tensor => tensor with { Shape = [4, 3, 2, 1] }));
        AssertRefused("PQS0110", "no weights", file => file.WithOperator(SmallModel.Conv, node => node with { Inputs = node.Inputs[..1] }));
        AssertRefused("PQS0112", "is a constant", file => file.WithOperator(SmallModel.Add, node => node with { Inputs = [node.Inputs[0], file.Subgraph.Operators[SmallModel.Conv].Inputs[2]] }));
        AssertRefused("PQS0219", "the bias has NaN at element 0", file => file.WithBuffer(
            (int)file.Subgraph.Tensors[file.Subgraph.Operators[SmallModel.Conv].Inputs[2]].Buffer, buffer => buffer with { Data = [.. BitConverter.GetBytes(float.NaN), .. buffer.Data!.Value[4..]] }));
    }

    [Test]
    public void Damaged_files_are_survived()
    {
        var model = TfLiteWriter.Write(FloatTfLiteFile.Of(SmallModel.Builder().File));
        for (var number = 0; number < (Property.IsLong ? 100_000 : 5000); number++)
        {
            var random = new Random(number);
            var bytes = (byte[])model.Clone();
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next(8));
            }

            FloatSurvival.AssertImport(random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes, () => $"damage {number}");
        }
    }

    private static void AssertRefused(string id, string message, Func<TfLiteFile, TfLiteFile> change, TfLiteFile? file = null)
    {
        var diagnostics = new DiagnosticBag();
        var bytes = TfLiteWriter.Write(change(file ?? FloatTfLiteFile.Of(SmallModel.Builder().File)));
        Assert.That(FloatModelLoader.Import(bytes, "net.tflite", "net", diagnostics), Is.Null);
        var first = diagnostics.ToImmutable().First(d => d.Descriptor.Severity == Severity.Error);
        Assert.That(first.Descriptor.Id, Is.EqualTo(id), $"{first}");
        Assert.That(first.Message, Does.Contain(message));
    }

    private static void AssertBrothers(ModelBuilder builder)
    {
        var file = FloatTfLiteFile.Of(builder.File);
        var diagnostics = new DiagnosticBag();
        var graph = FloatTfLiteImporter.Import(TfLiteWriter.Write(file), "net.tflite", "net", diagnostics);
        Assert.That(diagnostics.ToImmutable().Where(d => d.Descriptor.Severity == Severity.Error).Select(d => $"{d}"), Is.Empty);
        var brother = TfLiteImporter.Import(builder.Build(), "net.tflite", "net", new DiagnosticBag())!;

        Assert.That(graph!.Tensors.Select(tensor => (tensor.Name, tensor.Shape)), Is.EqualTo(brother.Tensors.Select(tensor => (tensor.Name, tensor.Shape))));
        Assert.That(graph.Inputs, Is.EqualTo(brother.Inputs));
        Assert.That(graph.Outputs, Is.EqualTo(brother.Outputs));
        Assert.That(graph.Nodes.Select(node => node.Origin), Is.EqualTo(brother.Nodes.Select(node => node.Origin)));
        foreach (var (node, other) in graph.Nodes.Zip(brother.Nodes))
        {
            Assert.That(node.Inputs, Is.EqualTo(other.Inputs));
            Assert.That(node.Output, Is.EqualTo(other.Output));
            AssertBrothers(node.Operator, other.Operator, Activation(file, node.Origin));
        }
    }

    private static void AssertBrothers(FloatOperator @operator, Operator brother, FloatRange activation)
    {
        Assert.That(@operator.Name, Is.EqualTo(brother.Name));
        switch (@operator, brother)
        {
            case (FloatConv2D conv, Conv2D other):
                Assert.That((conv.Window, conv.InputChannels), Is.EqualTo((other.Window, other.InputChannels)));
                break;
            case (FloatDepthwiseConv2D conv, DepthwiseConv2D other):
                Assert.That((conv.Window, conv.InputChannels, conv.DepthMultiplier), Is.EqualTo((other.Window, other.InputChannels, other.DepthMultiplier)));
                break;
            case (FloatFullyConnected matrix, FullyConnected other):
                Assert.That(matrix.InputSize, Is.EqualTo(other.InputSize));
                break;
            case (FloatPool2D pool, Pool2D other):
                Assert.That((pool.Window, pool.Activation), Is.EqualTo((other.Window, activation)));
                break;
            case (FloatPad pad, Pad other):
                Assert.That(pad.Before.Concat(pad.After), Is.EqualTo(other.Before.Concat(other.After)));
                break;
            case (FloatAdd add, Add):
                Assert.That(add.Activation, Is.EqualTo(activation));
                break;
            default:
                Assert.That((@operator, brother), Is.AnyOf((new FloatSoftmax(), brother), (new FloatReshape(), brother)));
                break;
        }

        if ((@operator, brother) is (FloatDotProductOperator dot, DotProductOperator integers))
        {
            Assert.That(dot.Weights, Is.EqualTo(integers.Weights.Select(weight => (float)weight)));
            Assert.That(dot.Bias, Is.EqualTo(integers.Bias.Select(bias => (float)bias)));
            Assert.That(dot.Activation, Is.EqualTo(activation));
        }
    }

    /// <summary>The bounds that the option of a node stands for; its number is in its origin.</summary>
    private static FloatRange Activation(TfLiteFile file, string origin)
    {
        var @operator = file.Subgraph.Operators[int.Parse(origin.Split(' ')[1], null)];
        var field = FloatTfLiteFile.Code(file, @operator) switch { 3 => 3, 4 => 4, 0 or 9 => 0, 1 or 17 => 5, _ => -1 };
        var options = @operator.Options ?? ImmutableArray<TfLiteOption>.Empty;
        return options.Where(option => option.Field == field).Select(option => (sbyte)option.Value).SingleOrDefault() switch
        {
            0 => FloatRange.None,
            1 => new FloatRange(0, float.PositiveInfinity),
            2 => new FloatRange(-1, 1),
            _ => new FloatRange(0, 6),
        };
    }
}
