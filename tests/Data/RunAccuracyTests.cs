using System.Text.Json;
using NUnit.Framework;
using Pqs.Tests.Commands;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Data;

/// <summary><c>pqs run</c> with labels, on a model whose output is its input.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RunAccuracyTests : IDisposable
{
    private readonly PqsTool _pqs = new();

    public RunAccuracyTests()
    {
        WriteModel("same.tflite", outputs: 1);
        WriteModel("two.tflite", outputs: 2);

        // Thirteen samples, whose largest elements are at 0, 1, 2, 0 and so on.
        float[] elements = [.. Enumerable.Range(0, 39).Select(i => i % 3 == i / 3 % 3 ? 0.5f : 0)];
        File.WriteAllBytes(_pqs.At("x.npy"), DataFolder.Npy("<f4", [13, 3], DataFolder.Bytes(elements)));
        File.WriteAllLines(_pqs.At("y.txt"), Enumerable.Range(0, 13).Select(i => $"{(i == 5 ? 0 : i % 3)}"));
    }

    public void Dispose() => _pqs.Dispose();

    [Test]
    public void Accuracy_follows_the_first_samples()
    {
        var lines = _pqs.Run("run", "same.tflite", "--inputs", "x.npy", "--labels", "y.txt").Succeeded().Output.Split('\n');
        Assert.That(lines, Has.Length.EqualTo(13));
        Assert.That(lines[..2], Is.EqualTo(new[] { "sample 0: largest at 0: 50 0 0", "sample 1: largest at 1: 0 50 0" }));
        Assert.That(lines[^3..], Is.EqualTo(new[] { "... and 3 more samples; --output writes all", "accuracy 92.31 % (12 of 13 samples)", "" }));
    }

    [Test]
    public void Json_has_it_too()
    {
        var run = _pqs.Run("run", "same.tflite", "--inputs", "x.npy", "--labels", "y.txt", "--samples", "6", "--json").Succeeded();
        using var json = JsonDocument.Parse(run.Output);
        var accuracy = json.RootElement.GetProperty("accuracy");
        Assert.That((accuracy.GetProperty("correct").GetInt32(), accuracy.GetProperty("samples").GetInt32()), Is.EqualTo((5, 6)));
        Assert.That(accuracy.GetProperty("top1").GetDouble(), Is.EqualTo(5.0 / 6));
        Assert.That(json.RootElement.GetProperty("outputs").GetArrayLength(), Is.EqualTo(6));
    }

    [Test]
    public void Labels_of_the_samples_themselves_are_used()
    {
        var y = ("y", DataFolder.Npy("<i8", [13], DataFolder.Bytes([.. Enumerable.Range(0, 13).Select(i => (long)i % 3)])));
        File.WriteAllBytes(_pqs.At("x.npz"), DataFolder.Npz(("x", File.ReadAllBytes(_pqs.At("x.npy"))), y));
        Assert.That(_pqs.Run("run", "same.tflite", "--inputs", "x.npz").Succeeded().Output, Does.EndWith("accuracy 100.00 % (13 of 13 samples)\n"));
        Assert.That(_pqs.Run("run", "same.tflite", "--inputs", "x.npz", "--labels", "y.txt").Succeeded().Output, Does.Contain("12 of 13"), "a file goes before");
        Assert.That(_pqs.Run("run", "two.tflite", "--inputs", "x.npz").Succeeded().Output, Does.Not.Contain("accuracy"), "not of several outputs");
    }

    [Test]
    public void A_scaling_is_applied()
    {
        File.WriteAllBytes(_pqs.At("u.npy"), DataFolder.Npy("|u1", [1, 3], [0, 51, 255]));
        string Run(params string[] options) => _pqs.Run(["run", "same.tflite", "--inputs", "u.npy", .. options]).Succeeded().Output;
        Assert.That(Run(), Is.EqualTo("sample 0: largest at 2: 0 20 100\n"));
        Assert.That(Run("--input-scale", "-0.01", "--input-offset", "0.51"), Is.EqualTo("sample 0: largest at 0: 51 0 -128\n"));
    }

    [Test]
    public void What_gives_no_accuracy_is_told()
    {
        File.WriteAllLines(_pqs.At("big.txt"), Enumerable.Repeat("3", 13));
        File.WriteAllLines(_pqs.At("few.txt"), Enumerable.Repeat("1", 12));
        Assert.That(_pqs.Run("run", "same.tflite", "--inputs", "x.npy", "--labels", "big.txt").Failed(3).Ids, Is.EqualTo(new[] { "PQS0322" }));
        Assert.That(_pqs.Run("run", "same.tflite", "--inputs", "x.npy", "--labels", "few.txt", "--samples", "12").Failed(3).Ids, Is.EqualTo(new[] { "PQS0321" }));
        Assert.That(_pqs.Run("run", "two.tflite", "--inputs", "x.npy", "--labels", "y.txt").Failed(3).Ids, Is.EqualTo(new[] { "PQS0323" }));
        Assert.That(_pqs.Run("run", "same.tflite", "--inputs", "x.npy", "--labels", "none.txt").Failed(3).Ids, Is.EqualTo(new[] { "PQS0101" }));
    }

    private void WriteModel(string name, int outputs)
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 3], 0.01f, 0);
        for (var output = 0; output < outputs; output++)
        {
            builder.Output(builder.Reshape(input, [1, 3]));
        }

        File.WriteAllBytes(_pqs.At(name), builder.Build());
    }
}
