using System.Collections.Immutable;
using System.Globalization;
using Pqs.Reference.Data;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>Shows what a run of the interpreter gave.</summary>
internal static class RunOutput
{
    /// <summary>More samples than this, and results longer than this, are cut in the text for people.</summary>
    private const int ShownSamples = 10;

    private const int ShownElements = 16;

    public static void PrintJson(Graph graph, ImmutableArray<sbyte[]> outputs, Accuracy? accuracy) => JsonOutput.Print(writer =>
    {
        writer.WriteString("model", graph.Name);
        if (accuracy != null)
        {
            writer.WriteStartObject("accuracy");
            writer.WriteNumber("top1", accuracy.Top1);
            writer.WriteNumber("correct", accuracy.Correct);
            writer.WriteNumber("samples", accuracy.Count);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("outputs");
        foreach (var output in outputs)
        {
            writer.WriteStartArray();
            foreach (var value in output)
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    });

    public static void PrintText(ImmutableArray<sbyte[]> outputs, Accuracy? accuracy)
    {
        foreach (var (sample, output) in outputs.Take(ShownSamples).Index())
        {
            var values = string.Join(' ', output.Take(ShownElements)) + (output.Length > ShownElements ? " ..." : "");
            Console.Out.WriteLine($"sample {sample}: largest at {Accuracy.Choice<sbyte>(output)}: {values}");
        }

        if (outputs.Length > ShownSamples)
        {
            Console.Out.WriteLine($"... and {Text.Number(outputs.Length - ShownSamples)} more samples; --output writes all");
        }

        if (accuracy != null)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"accuracy {100 * accuracy.Top1:0.00} % ({accuracy.Correct:N0} of {accuracy.Count:N0} samples)"));
        }
    }
}
