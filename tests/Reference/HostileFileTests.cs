using System.Text;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Model;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

/// <summary>Well-formed files that ask for too much, or carry text that is dangerous to print or to copy into code.</summary>
internal sealed class HostileFileTests
{
    private static IEnumerable<TestCaseData> Names =>
    [
        Name("quotes", "a\"b'c\\"),
        Name("newlines", "a\nb\r\nc\u2028d"),
        Name("end of comment", "*/ #error /* //"),
        Name("path", "../../../../etc/passwd"),
        Name("format", "{0}{99}%s%n"),
        Name("control characters", "\0\a\b\u001b[31m\u007f\u0085"),
        Name("markup", "[red]x[/]"),
        Name("empty", ""),
        Name("trigraph", "??/"),
        Name("bidirectional", "\u202edlrow"),
        Name("emoji", "\U0001f600"),
    ];

    [TestCaseSource(nameof(Names))]
    public void A_name_is_kept_as_it_is(string name)
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Reshape(builder.AddInput([1], 1, 0, name), [1, 1], name: name));
        TfLiteRoundTripTests.AssertRoundTrip(builder);
    }

    [TestCaseSource(nameof(Names))]
    public void A_name_in_a_message_is_fit_to_print(string name)
    {
        var only = Refusal(file => file.WithTensor(0, tensor => tensor with { Name = TfLiteTensor.Utf8(name), Type = 0 }));
        Assert.That(only.ToString().Count(character => character == '\n'), Is.EqualTo(1), "only the one before the help");
        Assert.That($"{only.Place}{only.Message}".Any(char.IsControl), Is.False);
        Assert.That(only.Message, Does.StartWith("tensor '").And.EndsWith("' is FLOAT32 where INT8 is needed"));
    }

    [Test]
    public void A_long_name_is_cut()
    {
        var only = Refusal(file => file.WithTensor(0,
            tensor => tensor with { Name = TfLiteTensor.Utf8(new string('x', 10_240)), Type = 0 }));
        Assert.That(only.Message, Is.EqualTo($"tensor '{new string('x', 80)}...' is FLOAT32 where INT8 is needed"));
    }

    /// <summary>A lone surrogate, an overlong slash, a cut sequence, bytes that UTF-8 never has.</summary>
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 })]
    [TestCase(new byte[] { 0xC0, 0xAF })]
    [TestCase(new byte[] { 0x61, 0xE2, 0x82 })]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x00 })]
    public void A_name_that_is_no_text_is_replaced(byte[] name)
    {
        var file = SmallModel.Builder().File.WithTensor(0, tensor => tensor with { Name = [.. name] });
        var graph = Survival.AssertImport(TfLiteWriter.Write(file), () => "an invalid name")!;
        Assert.That(graph.Tensors[0].Name, Does.Contain("\uFFFD"));
        Assert.That(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(graph.Tensors[0].Name), Is.Positive, "no lone surrogates");
    }

    [Test]
    public void A_name_cut_inside_a_character_stays_text()
    {
        var file = SmallModel.Builder().File.WithTensor(0,
            tensor => tensor with { Name = TfLiteTensor.Utf8("x" + string.Concat(Enumerable.Repeat("\U0001f600", 100))) });
        var graph = Survival.AssertImport(TfLiteWriter.Write(file), () => "a long name")!;
        Assert.That(graph.Tensors[0].Name.EnumerateRunes().Take(64).All(rune => rune.Value is 'x' or 0x1f600), Is.True);
    }

    [Test]
    public void Absent_fields_are_survived()
    {
        var small = SmallModel.Builder().File;
        var files = new[]
        {
            new TfLiteFile(),
            small with { Buffers = [] },
            small with { OperatorCodes = [] },
            small.WithSubgraph(subgraph => subgraph with { Tensors = [] }),
            small.WithTensor(0, _ => new TfLiteTensor()),
            small.WithOperator(0, _ => new TfLiteOperator(0, [], [])),
            small.WithBuffer(1, _ => new TfLiteBuffer(null)),
            small.WithBuffer(1, _ => new TfLiteBuffer([])),
            small.WithOperator(SmallModel.Conv, node => node with { Options = [] }),
        };
        foreach (var (index, file) in files.Index())
        {
            Assert.That(Survival.AssertImport(TfLiteWriter.Write(file), () => $"file {index}"), Is.Null, $"file {index}");
        }
    }

    [Test]
    public void A_tensor_without_shape_or_name_is_a_nameless_scalar()
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Reshape(builder.AddInput([1], 1, 0), [1]));
        var graph = Survival.AssertImport(TfLiteWriter.Write(builder.File.WithTensor(0,
            tensor => tensor with { Shape = null, Name = null })), () => "a scalar")!;
        Assert.That((graph.Tensors[0].Name, graph.Tensors[0].Shape), Is.EqualTo(("", new Shape(1))));
    }

    /// <summary>Codes up to 127 were in a byte once; the larger of both fields counts.</summary>
    [TestCase(22, 0)]
    [TestCase(0, 22)]
    [TestCase(22, 22)]
    public void An_operators_code_is_the_larger_of_both_fields(int deprecated, int code)
    {
        var builder = new ModelBuilder();
        builder.Output(builder.Reshape(builder.AddInput([1], 1, 0), [1]));
        var file = builder.File with { OperatorCodes = [new TfLiteOperatorCode((sbyte)deprecated, code)] };
        Assert.That(Survival.AssertImport(TfLiteWriter.Write(file), () => "a code")?.Nodes.Single().Operator.Name, Is.EqualTo("RESHAPE"));
    }

    [Test]
    public void Bytes_behind_the_end_are_ignored()
    {
        byte[] bytes = [.. SmallModel.Builder().Build(), .. new byte[1000]];
        Assert.That(Survival.AssertImport(bytes, () => "bytes behind"), Is.Not.Null);
    }

    // Small files that claim much by sharing one thing many times.

    [Test]
    public void Many_tensors_with_one_long_name_take_bounded_memory()
    {
        var named = new TfLiteTensor { Name = TfLiteTensor.Utf8(new string('n', 1 << 20)) };
        AssertBounded(file => file.WithSubgraph(subgraph => subgraph with { Tensors = subgraph.Tensors.AddRange(Enumerable.Repeat(named, 45_000)) }), "tensors");
    }

    [Test]
    public void Many_nodes_of_many_operands_take_bounded_memory()
    {
        var node = new TfLiteOperator(0, [.. Enumerable.Repeat(0, 128)], []);
        AssertBounded(file => file.WithSubgraph(subgraph => subgraph with { Operators = subgraph.Operators.AddRange(Enumerable.Repeat(node, 45_000)) }), "nodes");
    }

    [Test]
    public void Many_writers_of_one_tensor_take_bounded_memory()
    {
        var node = new TfLiteOperator(0, [], [.. Enumerable.Repeat(1, 128)]);
        AssertBounded(file => file.WithSubgraph(subgraph => subgraph with { Operators = subgraph.Operators.AddRange(Enumerable.Repeat(node, 3000)) }), "writers");
    }

    /// <summary>Each node needs its input, so all are live; their weights are one tensor.</summary>
    [Test]
    public void Many_nodes_with_the_same_weights_take_bounded_memory() => AssertBounded(_ => Matrices(1000, 512, 512).File, "nodes");

    /// <summary>A channel without bias costs a byte in the file and much more in memory.</summary>
    [Test]
    public void Many_channels_take_memory_in_proportion() => AssertBounded(_ => Matrices(1, 1, 1 << 20).File, "channels");

    [Test]
    public void Many_graph_inputs_take_bounded_memory() =>
        AssertBounded(file => file.WithSubgraph(subgraph => subgraph with { Inputs = [.. Enumerable.Repeat(0, 1 << 20)] }), "inputs");

    [Test]
    public void A_long_shape_takes_bounded_memory() =>
        AssertBounded(file => file.WithTensor(0, tensor => tensor with { Shape = [.. Enumerable.Repeat(1, 1 << 20)] }), "dimensions");

    [Test]
    public void Many_paddings_take_bounded_memory()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 1], 1, 0);
        builder.Output(builder.Pad(input, [0, 0], [0, 0]));
        AssertBounded(
            _ => builder.File
                .WithTensor(builder.File.Subgraph.Operators[0].Inputs[1], tensor => tensor with { Shape = [1 << 20] })
                .WithBuffer(1, buffer => buffer with { Data = [.. new byte[4 << 20]] }),
            "paddings");
    }

    private static ModelBuilder Matrices(int nodes, int size, int channels)
    {
        var builder = new ModelBuilder();
        var last = builder.AddInput([1, size], 1, 0);
        var filter = new Filter(1, 1, channels, [.. new sbyte[size * channels]], [1f]);
        for (var i = 0; i < nodes; i++)
        {
            last = builder.FullyConnected(last, filter, new Result(1, 0));
        }

        return builder.Output(last);
    }

    private static void AssertBounded(Func<TfLiteFile, TfLiteFile> change, string what) =>
        Survival.AssertImport(TfLiteWriter.Write(change(SmallModel.Builder().File)), () => $"many {what}");

    private static Diagnostic Refusal(Func<TfLiteFile, TfLiteFile> change)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(TfLiteImporter.Import(TfLiteWriter.Write(change(SmallModel.Builder().File)), "net.tflite", "net", diagnostics), Is.Null);
        return diagnostics.ToImmutable()[0];
    }

    private static TestCaseData Name(string what, string name) => new TestCaseData(name).SetArgDisplayNames(what);
}
