using System.Collections.Immutable;
using System.Text.Json;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Plan;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary>A plan as JSON: the same members in the manifest of generated code and in the output of inspect.</summary>
internal static class PlanJson
{
    public static void Write(Utf8JsonWriter writer, ExecutionPlan plan)
    {
        var graph = plan.Graph;
        writer.WriteString("sha256", graph.SourceHash);
        PlanOptionsText.Write(writer, plan.Options);
        writer.WriteNumber("macs", graph.Nodes.Sum(node => WorkCount.Macs(graph, node)));
        writer.WriteNumber("tableBytes", plan.TableBytes);
        writer.WriteNumber("arenaBytes", plan.Arena.Size);
        writer.WriteNumber("arenaLowerBound", plan.Arena.LowerBound);
        writer.WriteNumber("arenaAlignment", ArenaLayout.Alignment);
        WriteTensors(writer, "inputs", graph, graph.Inputs);
        WriteTensors(writer, "outputs", graph, graph.Outputs);
        writer.WriteStartArray("layers");
        foreach (var (position, step) in plan.Steps.Index())
        {
            WriteLayer(writer, plan, position, step);
        }

        writer.WriteEndArray();
    }

    private static void WriteLayer(Utf8JsonWriter writer, ExecutionPlan plan, int position, Step step)
    {
        var graph = plan.Graph;
        writer.WriteStartObject();
        writer.WriteNumber("index", position);
        writer.WriteString("origin", step.Node.Origin);
        writer.WriteString("operator", step.Node.Operator.Name);
        writer.WriteString("kernel", step.Call?.Function);
        if (step.Instructions is { } instructions)
        {
            writer.WriteNumber("predictedInstructions", (long)instructions);
        }

        WriteTensors(writer, "inputs", graph, step.Node.Inputs);
        writer.WritePropertyName("output");
        WriteTensor(writer, graph.Tensors[step.Node.Output]);
        writer.WriteNumber("macs", WorkCount.Macs(graph, step.Node));
        writer.WriteNumber("tableBytes", step.Call?.TableBytes ?? 0);
        writer.WriteNumber("scratchBytes", step.Call?.ScratchBytes ?? 0);
        var buffer = plan.Assignment.OfTensor[step.Node.Output];
        writer.WriteString("memory", plan.Assignment.Buffers[buffer].Kind.ToString().ToLowerInvariant());
        if (plan.Arena.Offsets[buffer] >= 0)
        {
            writer.WriteNumber("arenaOffset", plan.Arena.Offsets[buffer]);
        }

        if (step.Node.Operator is DotProductOperator dot)
        {
            writer.WriteNumber("accumulatorBits", dot.Accumulator.Bits);
            writer.WriteString("schedule", dot.Accumulator.Schedule.Name);
            writer.WriteString("rounding", dot.Rounding.ToString().ToLowerInvariant());
            writer.WriteNumber("multiplierBits", dot.MultiplierBits);
            writer.WriteNumber("weights", dot.Weights.Length);
            writer.WriteNumber("nonZeroWeights", dot.Weights.Count(weight => weight != 0));
            writer.WriteString("pruning", PruningPattern.Detect(dot)?.ToString());
            WriteCertificate(writer, step.Bounds, dot.Accumulator.Bits);
            WriteSegments(writer, step.Call);
        }
        else if (step.Node.Operator is Add add)
        {
            writer.WriteNumber("multiplierBits", add.MultiplierBits);
        }

        writer.WriteEndObject();
    }

    /// <summary>What is proven of each channel, and the bounds that it follows from: arrays by output channel.</summary>
    private static void WriteCertificate(Utf8JsonWriter writer, ImmutableArray<ChannelBounds> bounds, int bits)
    {
        writer.WriteStartObject("certificate");
        WriteArray("sumMinimum", channel => channel.SumMinimum);
        WriteArray("sumMaximum", channel => channel.SumMaximum);
        WriteArray("partMinimum", channel => channel.PartMinimum);
        WriteArray("partMaximum", channel => channel.PartMaximum);
        WriteArray("largestProduct", channel => channel.LargestProduct);
        WriteArray("clip", channel => channel.ClipAt(bits));
        writer.WriteStartArray("proof");
        foreach (var channel in bounds)
        {
            writer.WriteStringValue(ProofText.Name(channel.ProofAt(bits)));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();

        void WriteArray(string member, Func<ChannelBounds, long> value)
        {
            writer.WriteStartArray(member);
            foreach (var channel in bounds)
            {
                writer.WriteNumberValue(value(channel));
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Where kernels cut sums so that each part fits 16 bits: the table of lengths as <c>pqs_kernels.h</c> says.</summary>
    private static void WriteSegments(Utf8JsonWriter writer, KernelCall? call)
    {
        if (call?.Tables.FirstOrDefault(table => table.Role == "segments") is not { } segments)
        {
            return;
        }

        writer.WriteStartArray("segments");
        foreach (var value in segments.Values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteTensors(Utf8JsonWriter writer, string member, Graph graph, IEnumerable<int> ids)
    {
        writer.WriteStartArray(member);
        foreach (var id in ids)
        {
            WriteTensor(writer, graph.Tensors[id]);
        }

        writer.WriteEndArray();
    }

    private static void WriteTensor(Utf8JsonWriter writer, Tensor tensor)
    {
        writer.WriteStartObject();
        writer.WriteString("name", tensor.Name);
        writer.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape.Dimensions)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteNumber("scale", tensor.Quantization.Scale);
        writer.WriteNumber("zeroPoint", tensor.Quantization.ZeroPoint);
        if (tensor.DeclaredRange is var range && range != TensorRange.Full)
        {
            writer.WriteStartArray("range");
            writer.WriteNumberValue(range.Minimum);
            writer.WriteNumberValue(range.Maximum);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
