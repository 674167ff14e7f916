using System.Runtime.InteropServices;
using System.Text.Json;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;

namespace Pqs.Tests.Reference;

/// <summary>The interpreter against what TensorFlow Lite Micro's reference kernels gave, down to every intermediate tensor.</summary>
internal sealed class ThirdPartyOutputTests
{
    private const int Samples = 16;

    [TestCase("kws")]
    [TestCase("resnet8")]
    [TestCase("ad01")]
    public void Every_tensor_of_every_sample_is_the_third_partys(string model)
    {
        var folder = SharedModels.Folder(model);
        var graph = Load(folder);
        var inputs = Read(folder, "inputs.bin");
        var outputs = Read(folder, "outputs.bin");
        using var checksums = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tensors_crc.json")));
        Assert.That(inputs, Has.Length.EqualTo(Samples * graph.InputBytes));

        for (var sample = 0; sample < Samples; sample++)
        {
            var values = Interpreter.Run(graph, inputs.AsSpan(sample * graph.InputBytes, graph.InputBytes));
            Assert.That(
                Interpreter.Outputs(graph, values),
                Is.EqualTo(outputs[(sample * graph.OutputBytes)..((sample + 1) * graph.OutputBytes)]),
                $"outputs of sample {sample}");
            foreach (var expected in checksums.RootElement.EnumerateObject())
            {
                var id = Enumerable.Range(0, graph.Tensors.Length).Single(i => graph.Tensors[i].SourceIndex == int.Parse(expected.Name, null));
                Assert.That(
                    Crc32.Hex(values[id]), Is.EqualTo(expected.Value.GetProperty("crc32")[sample].GetString()), $"tensor {expected.Name} of sample {sample}");
            }
        }
    }

    private static Graph Load(string folder)
    {
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Load(Path.Combine(folder, "model.tflite"), diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        return graph!;
    }

    private static sbyte[] Read(string folder, string file) =>
        MemoryMarshal.Cast<byte, sbyte>(File.ReadAllBytes(Path.Combine(folder, file))).ToArray();
}
