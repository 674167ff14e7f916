using System.Text.Json;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary>What overflows in each layer and channel, for programs. Counts are arrays by width.</summary>
internal static class OverflowJson
{
    public static void Write(Utf8JsonWriter writer, Graph graph, OverflowStatistics statistics)
    {
        writer.WriteString("model", graph.Name);
        writer.WriteNumber("samples", statistics.Samples);
        WriteArray(writer, "bits", statistics.Widths.All.Select(width => (long)width));
        writer.WriteStartArray("layers");
        foreach (var layer in statistics.Layers)
        {
            var accumulator = ((DotProductOperator)layer.Step.Node.Operator).Accumulator;
            writer.WriteStartObject();
            writer.WriteNumber("index", layer.Position);
            writer.WriteString("origin", layer.Step.Node.Origin);
            writer.WriteString("operator", layer.Step.Node.Operator.Name);
            writer.WriteNumber("accumulatorBits", accumulator.Bits);
            writer.WriteString("schedule", accumulator.Schedule.Name);
            Write(writer, layer.All, layer.Step.Bounds.Min(channel => channel.SumMinimum), layer.Step.Bounds.Max(channel => channel.SumMaximum));
            writer.WriteStartArray("channels");
            foreach (var (summary, bounds) in layer.Channels.Zip(layer.Step.Bounds))
            {
                writer.WriteStartObject();
                Write(writer, summary, bounds.SumMinimum, bounds.SumMaximum);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, OverflowSummary summary, long worstMinimum, long worstMaximum)
    {
        writer.WriteNumber("dotProducts", summary.DotProducts);
        writer.WriteNumber("sumMinimum", summary.SumMinimum);
        writer.WriteNumber("sumMaximum", summary.SumMaximum);
        writer.WriteNumber("worstMinimum", worstMinimum);
        writer.WriteNumber("worstMaximum", worstMaximum);
        WriteArray(writer, "persistent", summary.ByWidth.Select(counts => counts.Persistent));
        WriteArray(writer, "transientNatural", summary.ByWidth.Select(counts => counts.Natural));
        WriteArray(writer, "transientOneRound", summary.ByWidth.Select(counts => counts.OneRound));
        WriteArray(writer, "transientSorted", summary.ByWidth.Select(counts => counts.Sorted));
    }

    private static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<long> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
