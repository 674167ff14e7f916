using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pqs.Reference.Model;

namespace Pqs.Reference.Onnx;

/// <summary>The JSON of <see cref="LayerMetadata"/>: members in one order, nothing but what is said.</summary>
internal static class LayerMetadataText
{
    public static string Write(LayerMetadata layer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("operator", layer.Operator);
            if (layer.Accumulator is { } accumulator)
            {
                writer.WriteNumber("accumulatorBits", accumulator.Bits);
                writer.WriteString("schedule", accumulator.Schedule.Name);
            }

            if (layer.Rounding is { } rounding)
            {
                writer.WriteString("rounding", rounding == Rounding.Single ? "single" : "double");
            }

            if (layer.WeightBits is { } bits)
            {
                writer.WriteNumber("weightBits", bits);
            }

            if (layer.Pruning is { } pruning)
            {
                writer.WriteString("pruning", pruning.ToString());
            }

            if (layer.MultiplierBits is { } multiplierBits)
            {
                writer.WriteNumber("multiplierBits", multiplierBits);
            }

            if (layer.Factors is { } factors)
            {
                WriteNumbers(writer, "multipliers", factors.Select(factor => factor.Multiplier));
                WriteNumbers(writer, "shifts", factors.Select(factor => factor.Shift));
            }

            if (layer.MinimumDifference is { } difference)
            {
                writer.WriteNumber("minimumDifference", difference);
            }

            if (layer.OutputRange is { } range)
            {
                WriteNumbers(writer, "outputRange", [range.Minimum, range.Maximum]);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <param name="text">JSON; untrusted.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    public static LayerMetadata? Read(string text, out string? problem)
    {
        var json = JsonMembers.Parse(text);
        var name = json.Text("operator");
        var accumulator = ReadAccumulator(json);
        var rounding = json.Has("rounding") ? json.Text("rounding") : null;
        var pruning = json.Has("pruning") ? PruningPattern.Parse(json.Text("pruning")) : null;
        var bits = json.Has("weightBits") ? json.Number("weightBits") : (int?)null;
        var multiplierBits = json.Has("multiplierBits") ? json.Number("multiplierBits") : (int?)null;
        var factors = ReadFactors(json);
        var difference = json.Has("minimumDifference") ? json.Number("minimumDifference") : (int?)null;
        var range = json.Has("outputRange") ? json.Numbers("outputRange") : [];
        json.Require(rounding is null or "single" or "double", "rounding is single or double");
        json.Require(pruning != null || !json.Has("pruning"), $"pruning is N:M with M from 2 to {PruningPattern.MaximumM}");
        json.Require(bits is null or (>= 2 and <= 8), "weightBits is 2 to 8");
        json.Require(multiplierBits is null or MultiplierBits.Short or MultiplierBits.Long, "multiplierBits is 15 or 31");
        json.Require(multiplierBits == null || factors == null, "multiplierBits is for factors that follow from the scales");
        json.Require(range is [] or [>= sbyte.MinValue and <= sbyte.MaxValue, >= sbyte.MinValue and <= sbyte.MaxValue], "outputRange is two numbers of 8 bits");
        problem = json.Problem();
        return problem != null ? null : new LayerMetadata(name)
        {
            Accumulator = accumulator,
            Rounding = rounding switch { null => null, "single" => Rounding.Single, _ => Rounding.Double },
            WeightBits = bits,
            Pruning = pruning,
            MultiplierBits = multiplierBits,
            Factors = factors,
            MinimumDifference = difference,
            OutputRange = range is [var minimum, var maximum] ? new OutputRange((sbyte)minimum, (sbyte)maximum) : null,
        };
    }

    private static Accumulator? ReadAccumulator(JsonMembers json)
    {
        if (!json.Has("accumulatorBits") && !json.Has("schedule"))
        {
            return null;
        }

        var bits = json.Number("accumulatorBits");
        var schedule = ScheduleText.Parse(json.Text("schedule"));
        json.Require(bits is >= Accumulator.MinimumBits and <= Accumulator.MaximumBits, $"accumulatorBits is {Accumulator.MinimumBits} to {Accumulator.MaximumBits}");
        json.Require(schedule != null, "there is no such schedule");
        json.Require(schedule != Schedule.Wide || bits == Accumulator.MaximumBits, "the schedule wide has 32 bits");
        return schedule == null ? null : new Accumulator(bits, schedule);
    }

    private static ImmutableArray<Requantization>? ReadFactors(JsonMembers json)
    {
        if (!json.Has("multipliers") && !json.Has("shifts"))
        {
            return null;
        }

        var (multipliers, shifts) = (json.Numbers("multipliers"), json.Numbers("shifts"));
        json.Require(multipliers.Length == shifts.Length, "there are as many multipliers as shifts");
        return [.. multipliers.Zip(shifts, (multiplier, shift) => new Requantization(multiplier, shift))];
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<int> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
