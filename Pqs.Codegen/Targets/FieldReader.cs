using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Targets;

/// <summary>Reads the fields of one JSON object and reports each that is missing, malformed, unknown or given twice.</summary>
internal sealed class FieldReader
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly string _place;
    private readonly DiagnosticBag _diagnostics;

    private FieldReader(string prefix, string place, DiagnosticBag diagnostics)
    {
        _prefix = prefix;
        _place = place;
        _diagnostics = diagnostics;
    }

    /// <summary>
    /// Null when the element is no object. The prefix is the object's path within the file with a final dot, or empty for the root.
    /// </summary>
    public static FieldReader? Open(
        JsonElement element, string prefix, ImmutableArray<string> known, string place, DiagnosticBag diagnostics)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            if (prefix.Length == 0)
            {
                diagnostics.Report(DiagnosticDescriptors.TargetMalformed, place, "the file holds another kind of value");
            }
            else
            {
                diagnostics.Report(DiagnosticDescriptors.TargetFieldInvalid, place, Printable.Name(prefix.TrimEnd('.')), "an object");
            }

            return null;
        }

        var reader = new FieldReader(prefix, place, diagnostics);
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
            {
                diagnostics.Report(
                    DiagnosticDescriptors.TargetFieldUnknown, place, Printable.Name(prefix + property.Name), string.Join(", ", known));
            }
            else if (!reader._fields.TryAdd(property.Name, property.Value))
            {
                diagnostics.Report(DiagnosticDescriptors.TargetFieldDuplicate, place, Printable.Name(prefix + property.Name));
            }
        }

        return reader;
    }

    public bool Has(string field) => _fields.ContainsKey(field);

    /// <summary>The field holds anything but an empty list.</summary>
    public bool HasItems(string field) =>
        _fields.TryGetValue(field, out var value) && (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 0);

    public void Invalid(string field, string requirement) =>
        _diagnostics.Report(DiagnosticDescriptors.TargetFieldInvalid, _place, Printable.Name(_prefix + field), requirement);

    public JsonElement? Value(string field)
    {
        if (_fields.TryGetValue(field, out var value))
        {
            return value;
        }

        _diagnostics.Report(DiagnosticDescriptors.TargetFieldMissing, _place, Printable.Name(_prefix + field));
        return null;
    }

    public FieldReader? Object(string field, ImmutableArray<string> known) =>
        Value(field) is { } value ? Open(value, _prefix + field + ".", known, _place, _diagnostics) : null;

    /// <summary>A text of at least one character.</summary>
    public string? Text(string field)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Invalid(field, "a text");
        return null;
    }

    public ImmutableArray<string>? Texts(string field)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 }))
        {
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }

        Invalid(field, "a list of texts");
        return null;
    }

    /// <summary>A positive decimal number.</summary>
    public decimal? PositiveNumber(string field)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number is > 0 and <= 1_000_000)
        {
            return number;
        }

        Invalid(field, "a number above 0, at most 1000000");
        return null;
    }

    /// <summary>A 32-bit address or length, written as a text such as "0x20000000".</summary>
    public uint? Hexadecimal(string field)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String
            && value.GetString() is { } text
            && text.StartsWith("0x", StringComparison.Ordinal)
            && uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Invalid(field, "a text such as \"0x20000000\"");
        return null;
    }

    /// <summary>Full path of an existing file within <paramref name="folder"/>.</summary>
    public string? FileWithin(string field, string folder)
    {
        if (Text(field) is not { } relative)
        {
            return null;
        }

        var root = Path.GetFullPath(folder);
        var parts = relative.Split('/', '\\');
        if (Path.IsPathRooted(relative)
            || relative.Contains('\0', StringComparison.Ordinal)
            || parts.Contains("..", StringComparer.Ordinal))
        {
            _diagnostics.Report(DiagnosticDescriptors.TargetPathOutside, _place, Printable.Name(_prefix + field), Printable.Name(relative));
            return null;
        }

        var path = Path.Combine(root, relative);
        if (File.Exists(path))
        {
            return path;
        }

        _diagnostics.Report(DiagnosticDescriptors.TargetPathMissing, _place, Printable.Name(_prefix + field), Printable.Name(relative));
        return null;
    }
}
