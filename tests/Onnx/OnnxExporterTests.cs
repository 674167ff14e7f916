using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Tests.Onnx;

/// <summary>What an exported file looks like to other tools.</summary>
internal sealed class OnnxExporterTests
{
    [Test]
    public void Weights_that_fit_four_bits_are_packed_and_need_a_later_operator_set()
    {
        var model = Export(Matrix([1, -8, 7], 1));
        var weights = model.Graph.Initializer.Single(tensor => tensor.DataType == ElementType.Int4);
        Assert.That(weights.Dims, Is.EqualTo(new[] { 1L, 3 }));
        Assert.That(weights.RawData.ToByteArray(), Is.EqualTo(new byte[] { 0x81, 0x07 }));
        Assert.That((model.OpsetImport.Single().Version, model.IrVersion), Is.EqualTo((21L, 10L)));
    }

    [Test]
    public void Other_weights_have_eight_bits_and_an_early_operator_set()
    {
        var model = Export(Matrix([1, -8, 8], 1));
        Assert.That(model.Graph.Initializer.Count(tensor => tensor.DataType == ElementType.Int4), Is.Zero);
        Assert.That((model.OpsetImport.Single().Version, model.IrVersion), Is.EqualTo((13L, 7L)));
    }

    [Test]
    public void Inputs_and_outputs_have_the_graphs_own_shape_and_images_are_turned_between()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 4, 6, 3], 0.1f, 0, "in");
        var first = builder.Conv2D(input, new Filter(1, 1, 2, [1, 2, 3, 4, 5, 100], [0.1f]), new Result(0.1f, 0, Name: "mid"));
        var model = Export(InterpreterTests.Import(builder.Output(builder.Conv2D(first, new Filter(1, 1, 2, [1, 2, 3, 100], [0.1f]), new Result(0.1f, 0, Name: "out")))));
        Assert.That(
            model.Graph.Node.Select(node => node.OpType),
            Is.EqualTo(new[] { "DequantizeLinear", "Transpose", "DequantizeLinear", "Conv", "QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "Conv", "Transpose", "QuantizeLinear" }));
        Assert.That(Describe(model.Graph.Input), Is.EqualTo(new[] { "in Int8 1x4x6x3" }));
        Assert.That(Describe(model.Graph.ValueInfo), Is.EqualTo(new[] { "mid Int8 1x2x4x6" }));
        Assert.That(Describe(model.Graph.Output), Is.EqualTo(new[] { "out Int8 1x4x6x2" }));
        Assert.That(model.Graph.Node.Select(node => node.Name), Is.Unique);
        Assert.That(model.Graph.Node[3].Name, Is.EqualTo("layer0/Conv"));
    }

    [Test]
    public void Clamp_bounds_are_a_relu_at_the_zero_point_and_a_clip_elsewhere()
    {
        Assert.That(Clamps(5, new OutputRange(5, 127)), Is.EqualTo("Relu()"));
        Assert.That(Clamps(5, new OutputRange(-128, 127)), Is.Empty);
        Assert.That(Clamps(5, new OutputRange(5, 17)), Is.EqualTo("Clip(0, 3)"));
        Assert.That(Clamps(5, new OutputRange(-128, 17)), Is.EqualTo("Clip(, 3)"));
        Assert.That(Clamps(5, new OutputRange(1, 127)), Is.EqualTo("Clip(-1)"));
    }

    [Test]
    public void A_bias_of_zeros_is_left_out()
    {
        Assert.That(Export(Matrix([1, 2, 3], 1)).Graph.Initializer.Count(tensor => tensor.DataType == ElementType.Int32), Is.Zero);
        Assert.That(Export(Matrix([1, 2, 3], 1, bias: 7)).Graph.Initializer.Count(tensor => tensor.DataType == ElementType.Int32), Is.EqualTo(1));
    }

    [Test]
    public void A_graph_that_is_not_valid_is_refused()
    {
        var graph = Matrix([1, 2, 3], 1);
        var diagnostics = new DiagnosticBag();
        Assert.That(OnnxExporter.Export(graph with { Outputs = [] }, diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().Select(d => d.Descriptor.Id), Is.EqualTo(new[] { "PQS0213" }));
    }

    private static string Clamps(int zeroPoint, OutputRange range)
    {
        var graph = Matrix([1, 2, 3], zeroPoint);
        var dot = (FullyConnected)graph.Nodes[0].Operator;
        var model = Export(graph with { Nodes = [graph.Nodes[0] with { Operator = dot with { OutputRange = range } }] });
        return string.Join(' ', model.Graph.Node.Where(node => node.OpType is "Relu" or "Clip").Select(node => $"{node.OpType}({string.Join(", ", node.Input.Skip(1).Select(Bound))})"));

        string Bound(string name) =>
            name.Length == 0 ? "" : FormattableString.Invariant($"{BitConverter.ToSingle(model.Graph.Initializer.Single(tensor => tensor.Name == name).RawData.Span)}");
    }

    private static Graph Matrix(sbyte[] weights, int zeroPoint, int bias = 0)
    {
        var builder = new ModelBuilder();
        var filter = new Filter(1, 1, 1, [.. weights], [0.1f], [bias]);
        return InterpreterTests.Import(builder.Output(builder.FullyConnected(builder.AddInput([1, weights.Length], 0.1f, 0), filter, new Result(0.25f, zeroPoint))));
    }

    private static IEnumerable<string> Describe(IEnumerable<ValueInfoProto> values) =>
        values.Select(value => $"{value.Name} {value.Type.TensorType.ElemType} {string.Join('x', value.Type.TensorType.Shape.Dim.Select(dim => dim.DimValue))}");

    private static ModelProto Export(Graph graph) => ModelProto.Parser.ParseFrom(OnnxExporter.Export(graph, new DiagnosticBag()));
}
