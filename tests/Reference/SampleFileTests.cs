using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

internal sealed class SampleFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pqs-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(new[] { 1, 2, 3 }, 1)]
    [TestCase(new[] { 4, 2, 3 }, 4)]
    [TestCase(new[] { 4, 1, 2, 3 }, 4)]
    [TestCase(new[] { 1, 1, 2, 3 }, 1)]
    public void An_npy_file_holds_one_sample_or_several(int[] shape, int samples) => AssertSamples(Model([1, 2, 3]), shape, samples);

    [Test]
    public void A_batch_of_the_models_own_is_part_of_a_sample()
    {
        AssertSamples(Model([2, 3]), [2, 3], 1);
        AssertSamples(Model([2, 3]), [5, 2, 3], 5);
        AssertRefused(Model([2, 3]), "x.npy", Npy([4, 3]), "PQS0303", "the array has shape (4, 3), where one sample is (2, 3)");
    }

    [TestCase(new[] { 6 }, "(6)")]
    [TestCase(new[] { 1, 3, 2 }, "(1, 3, 2)")]
    [TestCase(new[] { 2, 2, 2, 3 }, "(2, 2, 2, 3)")]
    [TestCase(new int[0], "()")]
    public void Another_shape_is_refused(int[] shape, string text) =>
        AssertRefused(Model([1, 2, 3]), "x.npy", Npy(shape), "PQS0303", $"the array has shape {text}, where one sample is (1, 2, 3)");

    [Test]
    public void No_samples_are_refused()
    {
        AssertRefused(Model([1, 2, 3]), "x.npy", Npy([0, 2, 3]), "PQS0302", "the file holds 0 elements, which are not whole samples of 6 (1x2x3)");
        AssertRefused(Model([1, 2, 3]), "x.bin", [], "PQS0302", "the file holds 0 elements, which are not whole samples of 6 (1x2x3)");
    }

    [Test]
    public void A_bin_file_is_cut_into_samples_of_all_inputs()
    {
        var samples = Read(Model([2], [1, 3]), "X.BIN", [.. Enumerable.Range(250, 10).Select(i => (byte)i)], new DiagnosticBag());
        Assert.That(samples, Is.EqualTo(new sbyte[][] { [-6, -5, -4, -3, -2], [-1, 0, 1, 2, 3] }));
    }

    [Test]
    public void Part_of_a_sample_is_refused() => AssertRefused(
        Model([2], [1, 3]), "x.bin", new byte[11], "PQS0302", "the file holds 11 elements, which are not whole samples of 5 (1x5)");

    [Test]
    public void What_cannot_hold_the_models_inputs_is_refused()
    {
        AssertRefused(Model([2], [3]), "x.npy", Npy([2]), "PQS0305", "such a file holds one tensor for each sample, but the model has 2 inputs");
        AssertRefused(Model([2]), "x.npy", [1, 2, 3], "PQS0301", "this is no .npy file that can be read: the magic string is missing");
        AssertRefused(Model([2]), "x.png", [1, 2], "PQS0312", "the file is of no format that samples are read from");
        var diagnostics = new DiagnosticBag();
        Assert.That(SampleFile.Read(Path.Combine(_folder, "none.bin"), Model([2]), diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().Single().Descriptor.Id, Is.EqualTo("PQS0101"));
    }

    [Test]
    public void Generated_samples_are_the_same_everywhere()
    {
        var samples = SampleGenerator.Generate(Model([5]));
        Assert.That(samples, Has.Length.EqualTo(8));
        Assert.That(samples[..4], Is.EqualTo(new sbyte[][]
        {
            [-128, -128, -128, -128, -128], [127, 127, 127, 127, 127], [-128, 127, -128, 127, -128], [0, 1, 2, 3, 4],
        }));

        // Seed 1: 1664525 + 1013904223 = 1015568748 = 0x3C88596C, whose high byte is 60; and so on.
        Assert.That(samples[4][..2], Is.EqualTo(new sbyte[] { 60, 94 }));
        Assert.That(samples.Skip(4).Select(sample => string.Join(' ', sample)).Distinct().Count(), Is.EqualTo(4));
    }

    private static byte[] Npy(int[] shape) =>
        NpyFile.ToBytes([.. shape], (sbyte[])[.. Enumerable.Range(0, shape.Aggregate(1, (product, dimension) => product * dimension)).Select(i => (sbyte)i)]);

    private static Graph Model(params int[][] shapes)
    {
        var builder = new ModelBuilder();
        foreach (var shape in shapes)
        {
            builder.Output(builder.Reshape(builder.AddInput([.. shape], 1, 0), [.. shape]));
        }

        return InterpreterTests.Import(builder);
    }

    private void AssertSamples(Graph model, int[] shape, int samples)
    {
        var read = Read(model, "x.npy", Npy(shape), new DiagnosticBag())!.Value;
        Assert.That(read, Has.Length.EqualTo(samples));
        Assert.That(read.SelectMany(sample => sample), Is.EqualTo(Enumerable.Range(0, samples * model.InputBytes).Select(i => (sbyte)i)));
    }

    private void AssertRefused(Graph model, string name, byte[] bytes, string id, string message)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(Read(model, name, bytes, diagnostics), Is.Null);
        var only = diagnostics.ToImmutable().Single();
        Assert.That((only.Descriptor.Id, only.Place, only.Message), Is.EqualTo((id, name, message)));
    }

    private ImmutableArray<sbyte[]>? Read(Graph model, string name, byte[] bytes, DiagnosticBag diagnostics)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return SampleFile.Read(path, model, diagnostics);
    }
}
