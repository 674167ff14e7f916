using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using NUnit.Framework;
using Pqs.Compress.Pipeline;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Commands;
using Pqs.Tests.Data;
using Pqs.Tests.FloatModel;

namespace Pqs.Tests.Compress;

/// <summary><c>pqs compress</c> for float models, as users run it.</summary>
internal sealed class CompressCommandTests
{
    private const string Model = "float.onnx";

    private const string Net = "net.onnx";

    [Test]
    public void A_float_model_becomes_one_that_verifies()
    {
        Tools.Require("gcc", "clang-16");
        using var tool = Create();
        var made = tool.Run("compress", Model, "--calibration", "x.bin", "--labels", "y.txt", "--prune", "2:4", "--weight-bits", "6", "--accumulator-bits", "16", "-o", Net);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        Assert.That(made.Output, Does.Contain("2:4").And.Contain("16 bits").And.Contain("accuracy on 200 samples: float"));
        var verified = tool.Run("verify", Net, "-t", "host");
        Assert.That(verified.ExitCode, Is.Zero, verified.Error + verified.Output);
    }

    [Test]
    public void The_same_request_gives_the_same_file()
    {
        using var tool = Create();
        foreach (var name in (string[])["a.onnx", "b.onnx"])
        {
            Assert.That(tool.Run("compress", Model, "--calibration", "x.bin", "--prune", "1:4", "--weight-bits", "4", "-o", name).ExitCode, Is.Zero);
        }

        Assert.That(File.ReadAllBytes(tool.At("a.onnx")), Is.EqualTo(File.ReadAllBytes(tool.At("b.onnx"))));
    }

    [Test]
    public void Json_says_what_the_table_says()
    {
        using var tool = Create();
        var made = tool.Run(
            "compress", Model, "--calibration", "x.bin", "--labels", "y.txt", "--accumulator-bits", "14", "--guarantee", "proven", "--sweep", "12..14", "--csv", "s.csv", "--plot", "s.svg", "--json", "-o", Net);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        var json = JsonDocument.Parse(made.Output).RootElement;
        Assert.That(json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("proof").GetString()), Is.All.EqualTo("any order"));
        Assert.That(json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("clippedSums").GetInt64()), Is.All.Zero);

        // At the proven width every order gives what the model gives.
        var accuracy = json.GetProperty("accuracy").GetProperty("compressed").GetDouble();
        var last = json.GetProperty("sweep").EnumerateArray().Last();
        Assert.That(((string[])["natural", "oneRound", "sorted"]).Select(order => last.GetProperty(order).GetDouble()), Is.All.EqualTo(accuracy));
        Assert.That(File.ReadAllLines(tool.At("s.csv")), Has.Length.EqualTo(4));
        Assert.That(File.ReadAllText(tool.At("s.svg")), Does.StartWith("<svg").And.Contain("sorted").And.EndsWith("</svg>\n"));
    }

    [Test]
    public void Multipliers_of_15_bits_are_in_the_model_and_in_what_is_said_of_it()
    {
        using var tool = Create();
        string[] request = ["compress", Model, "--calibration", "x.bin", "--labels", "y.txt", "--weight-bits", "6"];
        var made = tool.Run([.. request, "--multiplier-bits", "15", "--json", "-o", Net]);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        var json = JsonDocument.Parse(made.Output).RootElement;
        Assert.That(json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("multiplierBits").GetInt32()), Is.All.EqualTo(15));
        var graph = ModelLoader.Load(tool.At(Net), new DiagnosticBag())!;
        Assert.That(graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>().Select(dot => dot.MultiplierBits), Is.All.EqualTo(15));
        var labels = File.ReadAllLines(tool.At("y.txt")).Select(int.Parse).ToArray();
        Assert.That(json.GetProperty("accuracy").GetProperty("compressed").GetDouble(), Is.EqualTo(Correct(graph, 32, Schedule.Wide, labels) / 200.0));

        // The accuracy of the same weights with multipliers of 31 bits.
        Assert.That(tool.Run("compress", "--from-quantized", Net, "--multiplier-bits", "31", "-o", "long.onnx").ExitCode, Is.Zero);
        var other = ModelLoader.Load(tool.At("long.onnx"), new DiagnosticBag())!;
        Assert.That(
            json.GetProperty("accuracy").GetProperty("compressedWith31BitMultipliers").GetDouble(), Is.EqualTo(Correct(other, 32, Schedule.Wide, labels) / 200.0));
        Assert.That(tool.Run([.. request, "--multiplier-bits", "15", "-o", Net]).Output, Does.Contain("15 bits").And.Contain("with multipliers of 31 bits"));

        Assert.That(tool.Run("inspect", Net).Output, Does.Contain("15 bits"));
        Assert.That(tool.Run("generate", Net, "-t", "cortex-m0", "-o", "out", "--name", "net").ExitCode, Is.Zero);
        var manifest = tool.At("out", "net.json");
        Assert.That(File.ReadAllText(manifest), Does.Contain("\"multiplierBits\": 15"));
        Assert.That(tool.Run("inspect", Net, "--check", manifest).ExitCode, Is.Zero);
        Assert.That(tool.Run("inspect", "long.onnx", "--check", manifest).Output, Does.Contain("does not follow"));
    }

    [Test]
    public void The_sweep_is_what_the_interpreter_gives()
    {
        using var tool = Create();
        var made = tool.Run("compress", Model, "--calibration", "x.bin", "--labels", "y.txt", "--sweep", "9..17", "--csv", "s.csv", "-o", Net);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        var graph = ModelLoader.Load(tool.At(Net), new DiagnosticBag())!;
        var labels = File.ReadAllLines(tool.At("y.txt")).Select(int.Parse).ToArray();
        foreach (var line in File.ReadAllLines(tool.At("s.csv")).Skip(1))
        {
            var cells = line.Split(',').Select(int.Parse).ToArray();
            var expected = ((Schedule[])[Schedule.Natural, new Schedule.Sorted(Rounds: 1), new Schedule.Sorted()]).Select(schedule => Correct(graph, cells[0], schedule, labels));
            Assert.That(cells[2..], Is.EqualTo(expected), line);
        }
    }

    [Test]
    public void Accuracy_on_other_samples_is_the_interpreters()
    {
        using var tool = Create();
        var made = tool.Run(
            "compress", Model, "--calibration", "x.bin", "--samples", "50", "--test", "x.bin", "--test-labels", "y.txt", "--accumulator-bits", "11", "--weight-bits", "8", "--guarantee", "none", "--sweep", "11..12", "--json", "-o", Net);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        var json = JsonDocument.Parse(made.Output).RootElement;
        var test = json.GetProperty("test");
        var graph = ModelLoader.Load(tool.At(Net), new DiagnosticBag())!;
        var labels = File.ReadAllLines(tool.At("y.txt")).Select(int.Parse).ToArray();
        var correct = Correct(graph, 11, new Schedule.Sorted(), labels);

        // The accumulators are so narrow that single products leave them.
        Assert.That(graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>().Select(dot => dot.Accumulator.Schedule), Does.Contain(new Schedule.Sorted()));
        Assert.That((test.GetProperty("samples").GetInt32(), test.GetProperty("compressed").GetDouble()), Is.EqualTo((200, correct / 200.0)));
        Assert.That(test.GetProperty("float").GetDouble(), Is.GreaterThan(0.8));
        Assert.That(json.GetProperty("sweep")[0].GetProperty("sorted").GetDouble(), Is.EqualTo(correct / 200.0));
        Assert.That(json.TryGetProperty("accuracy", out _), Is.False);
    }

    [Test]
    public void Images_in_either_layout_give_the_same_model()
    {
        using var tool = new PqsTool();
        var builder = new OnnxModelBuilder();
        var conv = builder.Node("Conv", [builder.Input(1, 3, 5, 4), builder.Weights(4, 3, 2, 2)]);
        File.WriteAllBytes(tool.At(Model), builder.Output(conv).Build());
        var random = new Random(7);
        var samples = Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 60).Select(_ => random.NextSingle()).ToArray()).ToArray();
        File.WriteAllBytes(tool.At("nchw.npy"), DataFolder.Npy("<f4", [40, 3, 5, 4], DataFolder.Bytes([.. samples.SelectMany(sample => sample)])));

        // Channel by channel in the one file, pixel by pixel in the other.
        float[] moved = [.. samples.SelectMany(sample => Enumerable.Range(0, 60).Select(i => sample[(i % 3 * 20) + (i / 3)]))];
        File.WriteAllBytes(tool.At("nhwc.npy"), DataFolder.Npy("<f4", [40, 5, 4, 3], DataFolder.Bytes(moved)));
        var first = tool.Run("compress", Model, "--calibration", "nchw.npy", "-o", "a.onnx");
        var second = tool.Run("compress", Model, "--calibration", "nhwc.npy", "-o", "b.onnx");
        Assert.That((first.ExitCode, second.ExitCode), Is.EqualTo((0, 0)), first.Error + second.Error);
        Assert.That((first.Ids.Contains("PQS0314"), second.Ids.Contains("PQS0314")), Is.EqualTo((true, false)));
        Assert.That(File.ReadAllBytes(tool.At("a.onnx")), Is.EqualTo(File.ReadAllBytes(tool.At("b.onnx"))));
    }

    [Test]
    public void Auto_finds_a_width_that_is_narrow_enough()
    {
        using var tool = Create();
        var made = tool.Run("compress", Model, "--calibration", "x.bin", "--accumulator-bits", "auto", "--max-accuracy-drop", "5", "-o", Net, "--json");
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        var json = JsonDocument.Parse(made.Output).RootElement;
        Assert.That(json.GetProperty("layers")[0].GetProperty("accumulatorBits").GetInt32(), Is.InRange(9, 16));
        Assert.That(json.GetProperty("accuracy").GetProperty("compressed").GetDouble(), Is.GreaterThanOrEqualTo(0.95));
        Assert.That(json.GetProperty("accuracy").GetProperty("isAgreement").GetBoolean(), Is.True);
    }

    [Test]
    public void A_drop_that_nothing_keeps_is_refused()
    {
        using var tool = Create();
        var result = tool.Run(
            "compress", Model, "--calibration", "x.bin", "--prune", "1:32", "--prune-layer", "*=1:32", "--weight-bits", "2", "--accumulator-bits", "auto", "--max-accuracy-drop", "0", "-o", Net);
        Assert.That((result.Failed(3).Ids.Last(), File.Exists(tool.At(Net))), Is.EqualTo(("PQS0913", false)));
    }

    [TestCase(2, "x.bin", "--activation-bits", "3")]
    [TestCase(2, "x.bin", "--clip-rate", "1")]
    [TestCase(2, "x.bin", "--clip-rate", "NaN")]
    [TestCase(2, "x.bin", "--samples", "0")]
    [TestCase(2, "x.bin", "--guarantee", "some")]
    [TestCase(2, "x.bin", "--csv", "s.csv")]
    [TestCase(2, "x.bin", "--test-labels", "y.txt")]
    [TestCase(3, "x.bin", "--test", "short.bin")]
    [TestCase(2, null, "--prune", "2:4")]
    [TestCase(3, "x.bin", "--without", "thought")]
    [TestCase(3, "x.bin", "--sweep", "20..10")]
    [TestCase(3, "x.bin", "--accumulator-bits", "7")]
    [TestCase(3, "x.bin", "--prune-layer", "nothing=2:4")]
    [TestCase(3, "x.bin", "--labels", "float.onnx")]
    [TestCase(3, "nothing.bin", "--prune", "2:4")]
    [TestCase(3, "short.bin", "--prune", "2:4")]
    [TestCase(3, "nan.bin", "--prune", "2:4")]
    public void Requests_that_make_no_sense_are_refused(int exitCode, string? calibration, string option, string value)
    {
        using var tool = Create();
        ImmutableArray<string> data = calibration == null ? [] : ["--calibration", calibration];
        tool.Run(["compress", Model, .. data, option, value, "-o", Net]).Failed(exitCode);
        Assert.That(File.Exists(tool.At(Net)), Is.False);
    }

    [Test]
    public void Options_for_float_models_are_refused_for_quantized_ones()
    {
        using var tool = Create();
        tool.Run("compress", "--from-quantized", PqsTool.Model, "--calibration", "x.bin", "-o", Net).Failed(2);
        tool.Run("compress", "--from-quantized", PqsTool.Model, "--sweep", "10..20", "-o", Net).Failed(2);
    }

    [TestCase("constant.bin", "PQS0904")]
    [TestCase("zero.bin", "PQS0904")]
    public void Data_that_says_nothing_is_a_warning(string calibration, string id)
    {
        using var tool = Create();
        var made = tool.Run("compress", Model, "--calibration", calibration, "-o", Net);
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        Assert.That(made.Ids, Does.Contain(id));
    }

    [Test]
    public void A_folder_that_cannot_be_written_leaves_nothing()
    {
        using var tool = Create();
        File.WriteAllText(tool.At("file"), "");
        var before = tool.Entries;
        Assert.That(tool.Run("compress", Model, "--calibration", "x.bin", "-o", "file/net.onnx").Failed(3).Ids.Last(), Is.EqualTo("PQS0402"));
        Assert.That(tool.Entries, Is.EqualTo(before));
    }

    /// <summary>A folder with a float model, data for it, and data that are wrong.</summary>
    private static PqsTool Create()
    {
        var tool = new PqsTool();
        var network = FloatNetworks.Perceptron();
        File.WriteAllBytes(tool.At(Model), Write(network));
        var samples = FloatNetworks.Samples(network, 200);
        Save("x.bin", samples);
        Save("constant.bin", [.. samples.Select(_ => samples[0])]);
        Save("zero.bin", [.. samples.Select(sample => new float[sample.Length])]);
        Save("short.bin", [.. samples.Select(sample => sample[1..])]);
        Save("nan.bin", [.. samples, [.. samples[0].Select(_ => float.NaN)]]);
        var labels = samples.Select(sample => Accuracy.Choice<float>(
            FloatInterpreter.Outputs(network, FloatInterpreter.Run(network, sample))));
        File.WriteAllLines(tool.At("y.txt"), labels.Select((label, index) => (index % 10 == 0 ? 0 : label).ToString(CultureInfo.InvariantCulture)));
        return tool;

        void Save(string name, ImmutableArray<float[]> data) =>
            File.WriteAllBytes(tool.At(name), MemoryMarshal.AsBytes<float>([.. data.SelectMany(sample => sample)]).ToArray());
    }

    private static byte[] Write(FloatGraph network)
    {
        var builder = new OnnxModelBuilder();
        var value = builder.Input(1, network.InputElements);
        foreach (var dot in network.Nodes.Select(node => (FloatFullyConnected)node.Operator))
        {
            value = builder.Node(
                "Gemm",
                [value, builder.Constant([dot.OutputChannels, dot.InputSize], [.. dot.Weights]), builder.Constant([dot.OutputChannels], [.. dot.Bias])],
                ("transB", 1));
            value = dot.Activation == FloatRange.Relu ? builder.Node("Relu", value) : value;
        }

        return builder.Output(value).Build();
    }

    private static int Correct(Graph graph, int bits, Schedule schedule, int[] labels)
    {
        var narrow = graph with
        {
            Nodes = [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot ? node with { Operator = dot with { Accumulator = new(bits, schedule) } } : node)],
        };
        var samples = FloatNetworks.Samples(FloatNetworks.Perceptron(), 200);
        return samples.Index().Count(sample => Accuracy.Choice<sbyte>(Interpreter.Outputs(
            narrow, Interpreter.Run(narrow, NetworkOutputs.Quantize(narrow, sample.Item)))) == labels[sample.Index]);
    }
}
