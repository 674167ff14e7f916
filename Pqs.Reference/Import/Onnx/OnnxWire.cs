namespace Pqs.Reference.Import.Onnx;

/// <summary>
/// Walks a file by the nesting of ONNX's messages without building anything, so that a small file cannot claim very many objects: an empty message takes
/// two bytes there and a hundred in memory. Field numbers are those of Onnx/onnx.proto; the encoding is that of Protocol Buffers.
/// </summary>
internal sealed class OnnxWire
{
    /// <summary>Messages and strings of one file.</summary>
    private const int MaximumParts = 1 << 19;

    /// <summary>Bytes of one file in lists of numbers, of which each may take eight times as much in memory. Large tensors are raw bytes.</summary>
    private const long MaximumNumberBytes = 1L << 25;

    /// <summary>Tag of the model's graph: field 7, with a length.</summary>
    private const ulong GraphTag = (7 << 3) | LengthField;

    private const int VarintField = 0;
    private const int Fixed64Field = 1;
    private const int LengthField = 2;
    private const int Fixed32Field = 5;

    private static readonly Message Entry = new([], [1, 2], []);
    private static readonly Message Tensor = new([], [8], [1, 4, 5, 7, 10, 11]);
    private static readonly Message Shape = new(new() { [1] = new([], [2], []) }, [], []);
    private static readonly Message ValueInfo = new(new() { [2] = new(new() { [1] = new(new() { [2] = Shape }, [], []) }, [], []) }, [1], []);
    private static readonly Message Attribute = new(new() { [5] = Tensor }, [1, 4, 9], [7, 8]);
    private static readonly Message Node = new(new() { [5] = Attribute }, [1, 2, 3, 4, 6, 7], []);
    private static readonly Message Graph = new(new() { [1] = Node, [5] = Tensor, [11] = ValueInfo, [12] = ValueInfo, [13] = ValueInfo }, [2, 10], []);
    private static readonly Message Model = new(new() { [7] = Graph, [8] = Entry, [14] = Entry }, [2, 3, 6], []);

    private int _parts;
    private long _numberBytes;
    private bool _hasGraph;

    /// <summary>What is wrong with the file, or null when it can be parsed. A model without a graph is none.</summary>
    public static string? Problem(ReadOnlySpan<byte> bytes)
    {
        var wire = new OnnxWire();
        return wire.Walk(bytes, Model) ?? (wire._hasGraph ? null : "it has no graph");
    }

    /// <summary>True for bytes that begin as an ONNX file does, with the version of the format, and for a whole model in another order of fields.</summary>
    public static bool Resembles(ReadOnlySpan<byte> bytes) => bytes is [0x08, > 0 and < 0x80, ..] || Problem(bytes) == null;

    private string? Walk(ReadOnlySpan<byte> bytes, Message message)
    {
        while (!bytes.IsEmpty)
        {
            if (!TryReadVarint(ref bytes, out var tag) || !TryReadPayload(ref bytes, (int)(tag & 7), out var payload))
            {
                return "a field is cut off, or of a kind that does not exist";
            }

            var field = tag >> 3;
            _hasGraph |= message == Model && tag == GraphTag;
            if (Array.IndexOf(message.Numbers, field) >= 0)
            {
                _numberBytes += payload.Length;
            }
            else if (message.Children.TryGetValue(field, out var child))
            {
                _parts++;
                if ((tag & 7) == LengthField && _parts <= MaximumParts && Walk(payload, child) is { } problem)
                {
                    return problem;
                }
            }
            else if (Array.IndexOf(message.Strings, field) >= 0)
            {
                _parts++;
            }

            if (_parts > MaximumParts || _numberBytes > MaximumNumberBytes)
            {
                return $"it has more than {MaximumParts} parts, or more than {MaximumNumberBytes} bytes of numbers outside raw data";
            }
        }

        return null;
    }

    /// <summary>The bytes of a field behind its tag; a length in front of them is left out.</summary>
    private static bool TryReadPayload(ref ReadOnlySpan<byte> bytes, int kind, out ReadOnlySpan<byte> payload)
    {
        var start = bytes;
        payload = default;
        var length = kind switch
        {
            VarintField => TryReadVarint(ref bytes, out _) ? (ulong)(start.Length - bytes.Length) : ulong.MaxValue,
            Fixed64Field => 8UL,
            Fixed32Field => 4UL,
            LengthField => TryReadVarint(ref bytes, out var count) ? count : ulong.MaxValue,
            _ => ulong.MaxValue,
        };
        bytes = kind == VarintField ? start : bytes;
        if (length > (ulong)bytes.Length)
        {
            return false;
        }

        payload = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    /// <param name="Children">Messages inside, by field.</param>
    /// <param name="Strings">Fields of strings and bytes that each become an object.</param>
    /// <param name="Numbers">Fields of lists of numbers.</param>
    private sealed record Message(Dictionary<ulong, Message> Children, ulong[] Strings, ulong[] Numbers);
}
