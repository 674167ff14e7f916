using System.Diagnostics;
using NUnit.Framework;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Interpretation;
using Pqs.Tests.Reference;

namespace Pqs.Tests.Statistics;

/// <summary>What docs/performance.md says of the speed of emitted networks: ratios, on one thread of one process.</summary>
[Explicit("A measurement: it prints, and asserts nothing.")]
[NonParallelizable]
internal sealed class SpeedTests
{
    [TestCase("resnet8")]
    [TestCase("kws")]
    [TestCase("ad01")]
    public void Emitted_networks_against_the_interpreter(string model)
    {
        var folder = SharedModels.Folder(model);
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Load(Path.Combine(folder, "model.tflite"), diagnostics)!;
        var samples = SampleFile.Read(Path.Combine(folder, "inputs.bin"), graph, diagnostics)!.Value[..4];
        using var computing = ThirdWitness.Compile(graph, null);
        using var counting = ThirdWitness.Compile(graph, new AccumulatorWidths(10, 20));
        var (plain, counter) = (computing.CreateInstance().Network, counting.CreateInstance().Network);
        var (interpreted, computed, counted) = (double.MaxValue, double.MaxValue, double.MaxValue);

        // The best of several, in turns: other programs only slow down.
        for (var turn = 0; turn < 6; turn++)
        {
            interpreted = Math.Min(interpreted, Time(sample => Interpreter.Run(graph, sample)));
            computed = Math.Min(computed, Time(sample => plain.Run(sample)));
            counted = Math.Min(counted, Time(sample => counter.Run(sample)));
        }

        TestContext.Out.WriteLine(
            $"{model}: interpreter {interpreted:0.000} ms, emitted {computed:0.000} ms ({interpreted / computed:0.0} times as fast), "
            + $"counting 10..20 {counted:0.000} ms ({interpreted / counted:0.0})");

        double Time(Action<sbyte[]> run)
        {
            var clock = Stopwatch.StartNew();
            foreach (var sample in samples)
            {
                run(sample);
            }

            return clock.Elapsed.TotalMilliseconds / samples.Length;
        }
    }
}
