using System.Collections.Immutable;
using System.Numerics;
using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Data;

/// <summary>How many samples of a data set a model puts into the right class: the first of the largest elements of its output is its choice.</summary>
public sealed record Accuracy(int Correct, int Count)
{
    /// <summary>From 0 to 1.</summary>
    public double Top1 => (double)Correct / Count;

    /// <param name="outputs">The output of each sample, all of one length.</param>
    /// <param name="labels">The right class of each.</param>
    /// <param name="place">The labels in diagnostics.</param>
    /// <returns>Null when a label that is no class was reported.</returns>
    public static Accuracy? Measure<T>(IReadOnlyList<T[]> outputs, ImmutableArray<int> labels, string place, DiagnosticBag diagnostics)
        where T : IComparisonOperators<T, T, bool>
    {
        var correct = 0;
        foreach (var (index, output) in outputs.Index())
        {
            if (labels[index] >= output.Length)
            {
                diagnostics.Report(DiagnosticDescriptors.LabelRange, place, index, labels[index], output.Length);
                return null;
            }

            correct += Choice<T>(output) == labels[index] ? 1 : 0;
        }

        return new Accuracy(correct, outputs.Count);
    }

    /// <summary>The index of the first of the largest elements.</summary>
    public static int Choice<T>(ReadOnlySpan<T> output)
        where T : IComparisonOperators<T, T, bool>
    {
        var best = 0;
        for (var i = 1; i < output.Length; i++)
        {
            best = output[i] > output[best] ? i : best;
        }

        return best;
    }
}
