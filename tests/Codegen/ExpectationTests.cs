using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Commands;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Verification;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>What is said of a run that differs.</summary>
internal sealed class ExpectationTests
{
    private const int Samples = 8;

    /// <summary>Layer 0: 1x2x2x3; layer 1: 4x3, the same elements; outputs: layer 1, layer 0.</summary>
    private static readonly Lazy<Expectation> Known = new(() =>
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 2, 2, 3], 1, 0);
        var convolved = builder.Conv2D(input, Graphs.Filter(new Dice(new PCG(1, 1)), 1, 1, 3, 3), new Result(1, 0, Name: "convolved"));
        var graph = Graphs.Import(builder.Output(builder.Reshape(convolved, [4, 3]), convolved));
        return Expectation.Compute(graph, ModelCase.Of(graph).Samples);
    });

    private static byte[] Trace => Bytes(Known.Value.Traces);

    private static byte[] Outputs => Bytes(Known.Value.Outputs);

    [Test]
    public void Equal_bytes_are_no_difference()
    {
        Assert.That(Known.Value.Samples, Has.Length.EqualTo(Samples));
        Assert.That(Known.Value.Compare(Trace, Outputs), Is.Null);
    }

    [TestCase(0, 0, 0, 0)]
    [TestCase(0, 0, 11, 2)]
    [TestCase(0, 1, 0, 0)]
    [TestCase(3, 0, 4, 1)]
    [TestCase(7, 1, 11, 2)]
    public void A_wrong_layer_is_told_by_sample_layer_element_and_channel(int sample, int layer, int element, int channel)
    {
        var trace = Trace;
        var position = (sample * 24) + (layer * 12) + element;
        var right = (sbyte)trace[position];
        trace[position] ^= 0x80;

        // What follows is of no interest, be it right or wrong.
        for (var i = position + 1; i < trace.Length; i++)
        {
            trace[i] ^= 1;
        }

        var name = layer == 0 ? "node 0 CONV_2D" : "node 1 RESHAPE";
        Assert.That(
            Known.Value.Compare(trace, Outputs),
            Is.EqualTo(new LayerMismatch(sample, layer, name, element, channel, right, (sbyte)(right ^ -128))));
    }

    [Test]
    public void A_wrong_output_is_told_although_all_layers_are_right()
    {
        var outputs = Outputs;
        var right = (sbyte)outputs[(2 * 24) + 17];
        outputs[(2 * 24) + 17] = 99;

        Assert.That(Known.Value.Compare(Trace, outputs), Is.EqualTo(new LayerMismatch(2, 2, "output", 17, 17, right, 99)));
    }

    [Test]
    public void The_first_sample_that_differs_is_told()
    {
        var (trace, outputs) = (Trace, Outputs);
        trace[(5 * 24) + 1] ^= 1;
        outputs[4 * 24] ^= 1;

        Assert.That(Known.Value.Compare(trace, outputs)!.Sample, Is.EqualTo(4));
    }

    [Test]
    public void Results_of_another_length_are_not_comparable()
    {
        Assert.That(Known.Value.IsComplete(Trace, Outputs), Is.True);
        Assert.That(Known.Value.IsComplete(Trace[1..], Outputs), Is.False);
        Assert.That(Known.Value.IsComplete([.. Trace, 0], Outputs), Is.False);
        Assert.That(Known.Value.IsComplete(Trace, Outputs[1..]), Is.False);
        Assert.That(Known.Value.IsComplete(Trace, [.. Outputs, 0]), Is.False);
    }

    [Test]
    public void Inputs_are_written_sample_after_sample() =>
        Assert.That(Known.Value.InputBytes(), Is.EqualTo(Bytes(Known.Value.Samples)));

    /// <summary>A build whose C is right, held against an expectation that is not, must say where and by how much.</summary>
    [Test]
    public async Task A_verification_with_a_difference_names_it()
    {
        Tools.Require("gcc");
        var (sample, element) = (3, 5);
        var right = Known.Value.Traces[sample][12 + element];
        var wrong = (sbyte[])Known.Value.Traces[sample].Clone();
        wrong[12 + element] = (sbyte)(right ^ 0x40);
        var diagnostics = new DiagnosticBag();
        using var folder = new TemporaryFolder();
        var host = TargetCatalog.Load(Installation.TargetsFolder, "host", diagnostics)!;
        var job = new VerificationJob(
            host with { Compilers = ["gcc"] },
            ModelBatch.Plan(Known.Value.Graph),
            "m",
            Known.Value with { Traces = Known.Value.Traces.SetItem(sample, wrong) },
            folder.Path,
            TimeSpan.FromMinutes(1));

        var outcomes = await Verifier.VerifyAsync([job], (_, _) => { }, diagnostics, CancellationToken.None);

        var outcome = outcomes!.Value.Single();
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Different));
        Assert.That(VerificationTables.Describe(outcome.Mismatch!), Is.EqualTo(
            $"sample 3, layer 1 (node 1 RESHAPE), element 5, channel 2: expected {(sbyte)(right ^ 0x40)}, got {right}"));
    }

    private static byte[] Bytes(IEnumerable<sbyte[]> rows) => [.. rows.SelectMany(row => row).Select(value => (byte)value)];
}
