using System.Text.Json;

namespace Pqs.Codegen.Commands;

/// <summary>What became of each layer, for programs.</summary>
internal static class CompressJson
{
    public static void Write(Utf8JsonWriter writer, CompressReport report)
    {
        writer.WriteString("model", report.Graph.Name);
        Write(writer, "accuracy", report.Accuracy);
        Write(writer, "test", report.Test);
        writer.WriteStartArray("layers");
        foreach (var row in report.Rows())
        {
            Write(writer, row);
        }

        writer.WriteEndArray();
        if (report.Sweep.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("sweep");
        foreach (var row in report.Sweep)
        {
            writer.WriteStartObject();
            writer.WriteNumber("accumulatorBits", row.Bits);
            writer.WriteNumber("natural", row.Natural.Top1);
            writer.WriteNumber("oneRound", row.OneRound.Top1);
            writer.WriteNumber("sorted", row.Sorted.Top1);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, CompressAccuracy? accuracy)
    {
        if (accuracy == null)
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("samples", accuracy.Float.Count);
        writer.WriteBoolean("isAgreement", accuracy.IsAgreement);
        writer.WriteNumber("float", accuracy.Float.Top1);
        writer.WriteNumber("compressed", accuracy.Compressed.Top1);
        if (accuracy.LongMultipliers is { } other)
        {
            writer.WriteNumber("compressedWith31BitMultipliers", other.Top1);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CompressedLayer row)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", row.Index);
        writer.WriteString("operator", row.Dot.Name);
        writer.WriteString("output", row.Output.Name);
        writer.WriteNumber("weights", row.Dot.Weights.Length);
        writer.WriteNumber("nonZeroWeights", row.Kept);
        writer.WriteString("pruning", row.Pattern);
        writer.WriteNumber("weightBits", row.WeightBits);
        writer.WriteNumber("accumulatorBits", row.Dot.Accumulator.Bits);
        writer.WriteString("schedule", row.Dot.Accumulator.Schedule.Name);
        writer.WriteNumber("multiplierBits", row.Dot.MultiplierBits);
        writer.WriteString("proof", ProofText.Name(row.Proof));
        writer.WriteNumber("channels", row.Bounds.Length);
        writer.WriteNumber("channelsThatMayClip", row.MayClip);
        if (row.Measured is { } measured)
        {
            writer.WriteNumber("sums", measured.Sums);
            writer.WriteNumber("clippedSums", measured.Clips);
            writer.WriteNumber("relativeError", measured.RelativeError);
        }

        writer.WriteEndObject();
    }
}
