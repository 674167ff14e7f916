using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pqs.Reference.Model;

namespace Pqs.Reference.Onnx;

/// <summary>What a tensor of a PQS model is beyond what the file's nodes say; a member that is null is not said.</summary>
/// <param name="Name">Its name, where another tensor has that name already, or where it has none.</param>
/// <param name="Scale">Its scale, where no node has it.</param>
/// <param name="ZeroPoint">Its zero point, where no node has it.</param>
/// <param name="Range">What is declared of a graph input.</param>
internal sealed record TensorMetadata(string? Name, float? Scale, int? ZeroPoint, TensorRange? Range)
{
    public bool IsEmpty => this == new TensorMetadata(null, null, null, null);

    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (Name != null)
            {
                writer.WriteString("name", Name);
            }

            if (Scale is { } scale)
            {
                writer.WriteNumber("scale", scale);
            }

            if (ZeroPoint is { } zeroPoint)
            {
                writer.WriteNumber("zeroPoint", zeroPoint);
            }

            if (Range is { } range)
            {
                writer.WriteStartArray("range");
                writer.WriteNumberValue(range.Minimum);
                writer.WriteNumberValue(range.Maximum);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <param name="text">JSON; untrusted.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    public static TensorMetadata? Read(string text, out string? problem)
    {
        var json = JsonMembers.Parse(text);
        var tensor = new TensorMetadata(
            json.Has("name") ? json.Text("name") : null,
            json.Has("scale") ? json.Real("scale") : null,
            json.Has("zeroPoint") ? json.Number("zeroPoint") : null,
            json.Has("range") ? Bounds(json.Numbers("range")) : null);
        json.Require(tensor.Scale is null or (> 0 and < float.PositiveInfinity), "scale is positive and finite");
        json.Require(tensor.ZeroPoint is null or (>= sbyte.MinValue and <= sbyte.MaxValue), "zeroPoint is a number of 8 bits");
        json.Require(tensor.Range is null or { IsPossible: true }, "range is two numbers of 8 bits, the lower one first");
        problem = json.Problem();
        return problem == null ? tensor : null;
    }

    private static TensorRange Bounds(ImmutableArray<int> numbers) => numbers is [var minimum, var maximum] ? new(minimum, maximum) : new(1, 0);
}
