using Google.Protobuf;
using NUnit.Framework;
using Pqs.Compress.Quantizing;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Import;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Onnx;

/// <summary>The metadata of a PQS model: what is written, and that nothing but this is read.</summary>
internal sealed class MetadataTests
{
    [Test]
    public void A_layer_says_what_ONNX_cannot()
    {
        var graph = Matrix(dot => dot with
        {
            Accumulator = new Accumulator(14, new Schedule.Sorted(Rounds: 1)),
            Rounding = Rounding.Single,
            Weights = [0, 5, -8, 0, 7, 0, 0, 1],
        });
        Assert.That(Entries(graph), Is.EqualTo(new[]
        {
            "pqs.version = 1",
            """pqs.layer.out = {"operator":"FULLY_CONNECTED","accumulatorBits":14,"schedule":"sorted:rounds=1","rounding":"single","weightBits":4,"pruning":"1:2"}""",
        }));
        OnnxRoundTripTests.AssertRoundTrip(graph);
    }

    [Test]
    public void Numbers_that_do_not_follow_from_the_scales_are_said()
    {
        var graph = Matrix(dot => dot with { Requantizations = [new Requantization(1 << 30, -3), new Requantization(0, 0)], WeightScales = [0.5f, 0.25f] });
        Assert.That(Entries(graph)[1], Does.EndWith(""","multipliers":[1073741824,0],"shifts":[-3,0]}"""));
        OnnxRoundTripTests.AssertRoundTrip(graph);

        var builder = new ModelBuilder();
        var softmax = InterpreterTests.Import(builder.Output(builder.Softmax(builder.AddInput([1, 4], 0.1f, 0), name: "out")));
        softmax = softmax with { Nodes = [softmax.Nodes[0] with { Operator = new Softmax(1 << 30, 20, -77) }] };
        Assert.That(Entries(softmax)[1], Is.EqualTo("""pqs.layer.out = {"operator":"SOFTMAX","multipliers":[1073741824],"shifts":[20],"minimumDifference":-77}"""));
        OnnxRoundTripTests.AssertRoundTrip(softmax);
    }

    [Test]
    public void Multipliers_of_15_bits_are_said_and_read_again()
    {
        var graph = NetworkMultipliers.Apply(Matrix(dot => dot), MultiplierBits.Short, new DiagnosticBag())!;
        Assert.That(((FullyConnected)graph.Nodes[0].Operator).MultiplierBits, Is.EqualTo(15));
        Assert.That(Entries(graph)[1], Does.EndWith(""","weightBits":4,"multiplierBits":15}"""));
        OnnxRoundTripTests.AssertRoundTrip(graph);

        var builder = new ModelBuilder();
        var sum = InterpreterTests.Import(builder.Output(builder.Add(builder.AddInput([4], 0.1f, 0), builder.AddInput([4], 0.3f, 5), new Result(0.25f, 3, Name: "out"))));
        Assert.That(Entries(sum), Has.Length.EqualTo(1));
        sum = NetworkMultipliers.Apply(sum, MultiplierBits.Short, new DiagnosticBag())!;
        Assert.That(Entries(sum)[1], Is.EqualTo("""pqs.layer.out = {"operator":"ADD","multiplierBits":15}"""));
        OnnxRoundTripTests.AssertRoundTrip(sum);
    }

    [Test]
    public void A_declared_range_is_said()
    {
        var graph = Matrix(dot => dot);
        graph = graph with { Tensors = graph.Tensors.SetItem(graph.Inputs[0], graph.Tensors[graph.Inputs[0]] with { DeclaredRange = new TensorRange(-5, 100) }) };
        Assert.That(Entries(graph), Has.Some.EndsWith("""{"range":[-5,100]}"""));
        OnnxRoundTripTests.AssertRoundTrip(graph);
    }

    [Test]
    public void Names_that_ONNX_cannot_have_are_said()
    {
        var builder = new ModelBuilder();
        var first = builder.AddInput([1, 4], 0.1f, 0, "");
        var second = builder.AddInput([1, 4], 0.1f, 0, "same");
        builder.AddInput([3], 0.25f, 7, "unused");
        var sum = builder.Add(first, second, new Result(0.1f, 0, Name: "same"));
        var graph = InterpreterTests.Import(builder.Output(builder.Reshape(sum, [4, 1], name: "out \"\u00e9\" \u65e5\u672c */")));
        Assert.That(Entries(graph)[1..], Is.EqualTo(new[]
        {
            """pqs.tensor.#2 = {"name":""}""",
            """pqs.tensor.unused = {"scale":0.25,"zeroPoint":7}""",
            """pqs.tensor.same#2 = {"name":"same"}""",
        }));
        OnnxRoundTripTests.AssertRoundTrip(graph);
    }

    [Test]
    public void Scales_that_no_node_has_are_said()
    {
        // Integers that only move may have another scale behind; that of an output is in no node.
        var builder = new ModelBuilder();
        var graph = InterpreterTests.Import(builder.Output(builder.Reshape(builder.Reshape(builder.AddInput([1, 4], 0.1f, 0), [4], name: "mid"), [2, 2], name: "out")));
        graph = graph with { Tensors = [.. graph.Tensors.Select((tensor, id) => tensor with { Quantization = new Quantization(0.1f * (id + 1), 0) })] };
        Assert.That(Entries(graph)[1..], Is.EqualTo(new[] { """pqs.tensor.out = {"scale":0.3}""" }));
        OnnxRoundTripTests.AssertRoundTrip(graph);
    }

    [TestCase("pqs.version", "2", "there is only version 1")]
    [TestCase("pqs.layer.nothing", """{"operator":"ADD"}""", "no layer writes that output")]
    [TestCase("pqs.layer.out", "", "it is no JSON object")]
    [TestCase("pqs.layer.out", "[1]", "it is no JSON object")]
    [TestCase("pqs.layer.out", "{\"operator\":\"\\ud800\"}", "operator has half a character")]
    [TestCase("pqs.layer.out", "{\"\\ud800\":1}", "it is no JSON object")]
    [TestCase("pqs.layer.out", """{"operator":"ADD","operator":"ADD"}""", "it is no JSON object")]
    [TestCase("pqs.layer.out", """{"operator":[[[[[[[[]]]]]]]]}""", "it is no JSON object")]
    [TestCase("pqs.layer.out", "{}", "operator is a text")]
    [TestCase("pqs.layer.out", """{"operator":"CONV_2D"}""", "the layer is a FULLY_CONNECTED")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","colour":"red"}""", "it has a member that is not known")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","accumulatorBits":7,"schedule":"natural"}""", "accumulatorBits is 8 to 32")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","accumulatorBits":33,"schedule":"natural"}""", "accumulatorBits is 8 to 32")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","accumulatorBits":16.5,"schedule":"natural"}""", "accumulatorBits is a whole number of 32 bits")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","accumulatorBits":16}""", "schedule is a text")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","accumulatorBits":16,"schedule":"quick"}""", "there is no such schedule")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","accumulatorBits":16,"schedule":"wide"}""", "the schedule wide has 32 bits")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","rounding":"triple"}""", "rounding is single or double")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","weightBits":9}""", "weightBits is 2 to 8")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","weightBits":3}""", "a weight does not fit 3 bits")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","pruning":"2"}""", "pruning is N:M")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","pruning":"5:4"}""", "pruning is N:M")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","pruning":"1:4"}""", "more than 1 of 4 consecutive weights are not zero")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","multipliers":[1073741824],"shifts":[]}""", "there are as many multipliers as shifts")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","multiplierBits":16}""", "multiplierBits is 15 or 31")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","multiplierBits":"15"}""", "multiplierBits is a number")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","multiplierBits":15,"multipliers":[1,1],"shifts":[0,0]}""", "multiplierBits is for factors that follow from the scales")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","outputRange":[-129,0]}""", "outputRange is two numbers of 8 bits")]
    [TestCase("pqs.layer.out", """{"operator":"FULLY_CONNECTED","outputRange":[0]}""", "outputRange is two numbers of 8 bits")]
    [TestCase("pqs.tensor.nothing", """{"scale":1}""", "there is no such tensor")]
    [TestCase("pqs.tensor.out", """{"scale":0}""", "scale is positive and finite")]
    [TestCase("pqs.tensor.out", """{"scale":1e99}""", "scale is positive and finite")]
    [TestCase("pqs.tensor.out", """{"zeroPoint":300}""", "zeroPoint is a number of 8 bits")]
    public void An_entry_that_is_not_valid_is_refused(string key, string value, string problem)
    {
        var model = Model();
        foreach (var entry in model.MetadataProps.Where(entry => entry.Key == key).ToArray())
        {
            model.MetadataProps.Remove(entry);
        }

        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        var refusal = Refusal(model);
        Assert.That((refusal.Descriptor.Id, refusal.Message), Is.EqualTo(("PQS0122", $"metadata '{key}' is not valid: {refusal.Message.Split(": ", 2)[1]}")));
        Assert.That(refusal.Message, Does.Contain(problem));
    }

    [Test]
    public void Bits_of_multipliers_that_a_layer_has_not_are_refused()
    {
        var builder = new ModelBuilder();
        var graph = InterpreterTests.Import(builder.Output(builder.Softmax(builder.AddInput([1, 4], 0.1f, 0), name: "out")));
        var model = ModelProto.Parser.ParseFrom(Export(graph));
        model.MetadataProps.Add(new StringStringEntryProto { Key = "pqs.layer.out", Value = """{"operator":"SOFTMAX","multiplierBits":15}""" });
        Assert.That(Refusal(model).Message, Does.EndWith("a SOFTMAX has no multipliers of 15 bits"));
    }

    [Test]
    public void An_entry_that_is_given_twice_is_refused()
    {
        var model = Model();
        model.MetadataProps.Add(model.MetadataProps[1]);
        Assert.That(Refusal(model).Message, Does.Contain("it is given twice"));
    }

    [Test]
    public void Entries_without_a_version_are_refused()
    {
        var model = Model();
        model.MetadataProps.RemoveAt(0);
        Assert.That(Refusal(model).Message, Does.Contain("'pqs.version' is not valid: it is missing"));
    }

    [TestCase("""{"operator":"FULLY_CONNECTED","multipliers":[5,5],"shifts":[0,0]}""", "PQS0207")]
    [TestCase("""{"operator":"FULLY_CONNECTED","multipliers":[1073741824],"shifts":[0]}""", "PQS0206")]
    [TestCase("""{"operator":"FULLY_CONNECTED","accumulatorBits":16,"schedule":"sorted:rounds=0"}""", "PQS0208")]
    [TestCase("""{"operator":"FULLY_CONNECTED","outputRange":[5,4]}""", "PQS0209")]
    public void Numbers_that_a_graph_cannot_have_are_refused(string value, string id)
    {
        var model = Model();
        model.MetadataProps[1].Value = value;
        Assert.That(Refusal(model).Descriptor.Id, Is.EqualTo(id));
    }

    [Test]
    public void Without_metadata_a_model_has_wide_accumulators_and_double_rounding()
    {
        var model = Model();
        model.MetadataProps.Clear();
        model.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "somebody" });
        var dot = (DotProductOperator)QdqImportTests.Import(model.ToByteArray()).Nodes[0].Operator;
        Assert.That((dot.Accumulator, dot.Rounding), Is.EqualTo((Accumulator.Wide, Rounding.Double)));
    }

    private static Graph Matrix(Func<FullyConnected, DotProductOperator> change)
    {
        var builder = new ModelBuilder();
        var filter = new Filter(1, 1, 2, [1, 2, 3, 4, 5, 6, 7, -8], [0.1f, 0.2f], [100, -100]);
        var graph = InterpreterTests.Import(builder.Output(builder.FullyConnected(builder.AddInput([1, 4], 0.1f, 0), filter, new Result(0.5f, 3, Name: "out"))));
        return graph with { Nodes = [graph.Nodes[0] with { Operator = change((FullyConnected)graph.Nodes[0].Operator) }] };
    }

    private static ModelProto Model() => ModelProto.Parser.ParseFrom(Export(Matrix(dot => dot with { Rounding = Rounding.Single })));

    private static byte[] Export(Graph graph) => OnnxExporter.Export(graph, new DiagnosticBag()) ?? throw new InvalidOperationException("The graph cannot be exported.");

    private static string[] Entries(Graph graph) => [.. ModelProto.Parser.ParseFrom(Export(graph)).MetadataProps.Select(entry => $"{entry.Key} = {entry.Value}")];

    private static Diagnostic Refusal(ModelProto model)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(ModelLoader.Import(model.ToByteArray(), "net.onnx", "net", diagnostics), Is.Null);
        return diagnostics.ToImmutable()[0];
    }
}
