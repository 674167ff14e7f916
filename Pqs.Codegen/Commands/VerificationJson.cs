using System.Text.Json;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Verification;

namespace Pqs.Codegen.Commands;

/// <summary>A verification as JSON.</summary>
internal static class VerificationJson
{
    public static void Write(Utf8JsonWriter writer, VerificationResult verified)
    {
        writer.WriteString("model", verified.Graph.Name);
        writer.WriteBoolean("identical", verified.IsIdentical);
        writer.WriteNumber("samples", verified.Samples);
        PlanJson.Write(writer, verified.Outcomes[0].Plan);
        writer.WriteStartArray("builds");
        foreach (var outcome in verified.Outcomes)
        {
            writer.WriteStartObject();
            writer.WriteString("target", outcome.Target);
            writer.WriteString("runner", outcome.Runner);
            writer.WriteString("verdict", outcome.Verdict.ToString().ToLowerInvariant());
            WriteMismatch(writer, outcome.Mismatch);
            WriteUse(writer, outcome.Use);
            WriteKernels(writer, outcome.Plan);
            WriteStrings(writer, "notes", outcome.Notes);
            WriteStrings(writer, "diagnostics", outcome.Diagnostics.Select(diagnostic => diagnostic.ToString()));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMismatch(Utf8JsonWriter writer, LayerMismatch? mismatch)
    {
        if (mismatch == null)
        {
            return;
        }

        writer.WriteStartObject("mismatch");
        writer.WriteNumber("sample", mismatch.Sample);
        writer.WriteNumber("layer", mismatch.Layer);
        writer.WriteString("layerName", mismatch.LayerName);
        writer.WriteNumber("element", mismatch.Element);
        writer.WriteNumber("channel", mismatch.Channel);
        writer.WriteNumber("expected", mismatch.Expected);
        writer.WriteNumber("actual", mismatch.Actual);
        writer.WriteEndObject();
    }

    private static void WriteUse(Utf8JsonWriter writer, ChipUse? use)
    {
        if (use == null)
        {
            return;
        }

        writer.WriteNumber("flashTables", use.TableFlash);
        writer.WriteNumber("flashCode", use.CodeFlash);
        writer.WriteNumber("ramArena", use.ArenaRam);
        WriteOptional(writer, "stackBound", use.StackBound);
        WriteOptional(writer, "stackMeasured", use.StackMeasured);
        writer.WriteNumber("instructions", use.Instructions);
        writer.WriteStartArray("layerInstructions");
        foreach (var instructions in use.LayerInstructions)
        {
            writer.WriteNumberValue(instructions);
        }

        writer.WriteEndArray();
    }

    private static void WriteKernels(Utf8JsonWriter writer, ExecutionPlan plan)
    {
        writer.WriteStartArray("kernels");
        foreach (var step in plan.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("kernel", step.Call?.Function);
            WriteOptional(writer, "predictedInstructions", (long?)step.Instructions);
            writer.WriteStartArray("alternatives");
            foreach (var other in step.Alternatives)
            {
                writer.WriteStartObject();
                writer.WriteString("kernel", other.Function);
                WriteOptional(writer, "predictedInstructions", (long?)other.Instructions);
                writer.WriteNumber("tableBytes", other.TableBytes);
                writer.WriteNumber("scratchBytes", other.ScratchBytes);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string member, long? value)
    {
        if (value is { } present)
        {
            writer.WriteNumber(member, present);
        }
        else
        {
            writer.WriteNull(member);
        }
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, IEnumerable<string> values)
    {
        writer.WriteStartArray(member);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
