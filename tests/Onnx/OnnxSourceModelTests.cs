using Google.Protobuf;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.Onnx;
using Pqs.Reference.Onnx;
using Pqs.Tests.FloatModel;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Tests.Onnx;

/// <summary>The reading of ONNX files, before anything is made of the nodes.</summary>
internal sealed class OnnxSourceModelTests
{
    private const string Place = "net.onnx";

    [TestCase(ElementType.Int4, new byte[] { 0x8F, 0x07 }, new long[] { -1, -8, 7 })]
    [TestCase(ElementType.Uint4, new byte[] { 0x8F, 0x07 }, new long[] { 15, 8, 7 })]
    [TestCase(ElementType.Int8, new byte[] { 0xFF, 0x80, 0x7F }, new long[] { -1, -128, 127 })]
    [TestCase(ElementType.Uint8, new byte[] { 0xFF, 0x80, 0x7F }, new long[] { 255, 128, 127 })]
    [TestCase(ElementType.Int16, new byte[] { 0xFF, 0xFF, 0x00, 0x80, 0x01, 0x00 }, new long[] { -1, -32768, 1 })]
    [TestCase(ElementType.Uint16, new byte[] { 0xFF, 0xFF, 0x00, 0x80, 0x01, 0x00 }, new long[] { 65535, 32768, 1 })]
    [TestCase(ElementType.Bool, new byte[] { 0, 1, 1 }, new long[] { 0, 1, 1 })]
    public void Integers_are_read_from_bytes_and_from_numbers(ElementType type, byte[] raw, long[] expected)
    {
        var bytes = new TensorProto { DataType = type, Dims = { 3 }, RawData = ByteString.CopyFrom(raw) };
        Assert.That(Open(bytes).ReadIntegers(Place, new DiagnosticBag()), Is.EqualTo(expected));

        // As numbers, those of four bits are two in one.
        var numbers = new TensorProto { DataType = type, Dims = { 3 } };
        numbers.Int32Data.Add(type is ElementType.Int4 or ElementType.Uint4 ? raw.Select(value => (int)value) : expected.Select(value => (int)value));
        Assert.That(Open(numbers).ReadIntegers(Place, new DiagnosticBag()), Is.EqualTo(expected));
        Assert.That(Open(numbers).ReadInt32s(Place, new DiagnosticBag()), Is.EqualTo(expected));
    }

    [Test]
    public void Real_numbers_of_every_width_are_read()
    {
        float[] expected = [1, -2.5f, 0];
        Assert.That(Floats(new TensorProto { DataType = ElementType.Float, Dims = { 3 }, FloatData = { expected } }), Is.EqualTo(expected));
        Assert.That(Floats(Raw(ElementType.Float, [.. expected.SelectMany(BitConverter.GetBytes)])), Is.EqualTo(expected));
        Assert.That(Floats(new TensorProto { DataType = ElementType.Double, Dims = { 3 }, DoubleData = { 1, -2.5, 0 } }), Is.EqualTo(expected));
        Assert.That(Floats(Raw(ElementType.Double, [.. expected.SelectMany(value => BitConverter.GetBytes((double)value))])), Is.EqualTo(expected));
        Assert.That(Floats(new TensorProto { DataType = ElementType.Float16, Dims = { 3 }, Int32Data = { 0x3C00, 0xC100, 0 } }), Is.EqualTo(expected));
        Assert.That(Floats(Raw(ElementType.Float16, [0x00, 0x3C, 0x00, 0xC1, 0, 0])), Is.EqualTo(expected));
        Assert.That(Floats(Raw(ElementType.Bfloat16, [0x80, 0x3F, 0x20, 0xC0, 0, 0])), Is.EqualTo(expected));
    }

    [Test]
    public void Wide_integers_are_read()
    {
        long[] expected = [1, -1, long.MinValue];
        Assert.That(Open(new TensorProto { DataType = ElementType.Int64, Dims = { 3 }, Int64Data = { expected } }).ReadIntegers(Place, new DiagnosticBag()), Is.EqualTo(expected));
        Assert.That(Open(Raw(ElementType.Int64, [.. expected.SelectMany(BitConverter.GetBytes)])).ReadIntegers(Place, new DiagnosticBag()), Is.EqualTo(expected));
        Assert.That(
            Open(new TensorProto { DataType = ElementType.Uint64, Dims = { 2 }, Uint64Data = { 7, ulong.MaxValue } }).ReadIntegers(Place, new DiagnosticBag()), Is.EqualTo(new[] { 7, long.MaxValue }));
        Assert.That(Open(new TensorProto { DataType = ElementType.Int32, Int32Data = { -5 } }).ReadIntegers(Place, new DiagnosticBag()), Is.EqualTo(new[] { -5L }), "a scalar");
    }

    [Test]
    public void Nodes_are_put_in_order_and_constants_are_resolved()
    {
        var builder = new OnnxModelBuilder();
        var constant = builder.Node("Constant", [], ("value_floats", new[] { 1f, 2 }));
        var copy = builder.Node("Identity", constant);
        var sum = builder.Node("Add", [builder.Input(1, 2), copy]);
        builder.Output(builder.Node("Relu", sum));
        var nodes = builder.Graph.Node.Reverse().ToArray();
        builder.Graph.Node.Clear();
        builder.Graph.Node.Add(nodes);

        var source = Read(builder.Build())!;
        Assert.That(source.Nodes.Select(node => node.Origin), Is.EqualTo(new[] { "node 1 Add", "node 0 Relu" }));
        Assert.That(source.Nodes[0].Inputs[1]!.Constant!.ReadFloats(Place, new DiagnosticBag()), Is.EqualTo(new[] { 1f, 2 }));
        Assert.That(source.Nodes[0].Inputs[1]!.Constant!.Name, Is.EqualTo(copy));
    }

    [Test]
    public void A_batch_of_unknown_size_is_1_with_a_note()
    {
        var builder = new OnnxModelBuilder();
        builder.Output(builder.Node("Relu", builder.Input(-1, 4)));
        var diagnostics = new DiagnosticBag();
        var source = OnnxSourceModel.Read(builder.Build(), Place, diagnostics)!;
        Assert.That(source.Inputs.Single().Dimensions, Is.EqualTo(new[] { 1, 4 }));
        Assert.That(diagnostics.ToImmutable().Select(d => $"{d.Descriptor.Id} {d.Message}"), Is.EqualTo(new[] { "PQS0120 the batch of graph input 'input_0' ('N') has no fixed size and is taken as 1" }));
    }

    [Test]
    public void Names_are_fit_to_print()
    {
        var builder = new OnnxModelBuilder();
        builder.Output(builder.Node("Re\nlu*/", builder.Input(1)));
        builder.Graph.Node[0].Name = "a\u001b[31m\nb";
        builder.Graph.Node[0].Domain = "evil.\u202e" + new string('x', 500);
        var node = Read(builder.Build())!.Nodes.Single();
        Assert.That(node.Origin, Has.Length.LessThan(100).And.Match("^node 0 [A-Za-z0-9._?]+$"));
        Assert.That(node.Place, Does.EndWith(" 'a?[31m?b'"));
    }

    // Small files that claim much.

    [Test]
    public void A_file_of_very_many_empty_messages_is_refused_before_it_is_parsed()
    {
        // Two bytes each: field 1 of a graph, a node, of length 0.
        var nodes = Enumerable.Repeat(new byte[] { 0x0A, 0 }, 1 << 20).SelectMany(node => node).ToArray();
        AssertRefused([0x08, 8, 0x3A, .. Varint(nodes.Length), .. nodes], "PQS0104");
    }

    [Test]
    public void A_file_of_very_many_small_numbers_is_refused_before_it_is_parsed()
    {
        // Field 7 of a tensor in field 5 of a graph: 64-bit numbers of one byte each.
        var numbers = new byte[(1 << 25) + 1];
        byte[] tensor = [0x3A, .. Varint(numbers.Length), .. numbers];
        byte[] graph = [0x2A, .. Varint(tensor.Length), .. tensor];
        AssertRefused([0x08, 8, 0x3A, .. Varint(graph.Length), .. graph], "PQS0104");
    }

    [Test]
    public void Many_nodes_of_one_name_and_many_nodes_in_all_are_refused()
    {
        var builder = new OnnxModelBuilder();
        builder.Output(builder.Node("Relu", builder.Input(1)));
        var model = ModelProto.Parser.ParseFrom(builder.Build());
        model.Graph.Node.Add(Enumerable.Repeat(model.Graph.Node[0], 40_000));
        AssertRefused(model.ToByteArray(), "PQS0217");
    }

    [Test]
    public void Many_attributes_are_refused()
    {
        var builder = new OnnxModelBuilder();
        builder.Output(builder.Node("Relu", builder.Input(1)));
        builder.Graph.Node[0].Attribute.Add(Enumerable.Range(0, 1000).Select(i => new AttributeProto { Name = $"a{i}" }));
        AssertRefused(builder.Build(), "PQS0104");
    }

    [Test]
    public void A_long_chain_is_read()
    {
        var builder = new OnnxModelBuilder();
        var last = builder.Input(1);
        for (var i = 0; i < 20_000; i++)
        {
            last = builder.Node("Relu", last);
        }

        Assert.That(Read(builder.Output(last).Build())!.Nodes, Has.Length.EqualTo(20_000));
    }

    private static byte[] Varint(int value)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteUInt32((uint)value);
        output.Flush();
        return stream.ToArray();
    }

    private static void AssertRefused(byte[] bytes, string id)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var diagnostics = new DiagnosticBag();
        Assert.That(OnnxSourceModel.Read(bytes, Place, diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().First(d => d.Descriptor.Severity == Severity.Error).Descriptor.Id, Is.EqualTo(id));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(100 << 20));
    }

    private static TensorProto Raw(ElementType type, byte[] bytes) => new() { DataType = type, Dims = { 3 }, RawData = ByteString.CopyFrom(bytes) };

    private static float[] Floats(TensorProto proto) => [.. Open(proto).ReadFloats(Place, new DiagnosticBag())!];

    private static OnnxTensor Open(TensorProto proto)
    {
        var diagnostics = new DiagnosticBag();
        var tensor = OnnxTensor.Open("constant", proto, Place, diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        return tensor!;
    }

    private static OnnxSourceModel? Read(byte[] bytes)
    {
        var diagnostics = new DiagnosticBag();
        var source = OnnxSourceModel.Read(bytes, Place, diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        return source;
    }
}
