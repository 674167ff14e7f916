using System.Collections.Immutable;
using System.Text.Json;

namespace Pqs.Reference.Onnx;

/// <summary>Reads the members of one untrusted JSON object. What does not fit is remembered and reads as nothing; so does a member that nobody asks for.</summary>
internal sealed class JsonMembers
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private readonly SortedDictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private string? _problem;

    private JsonMembers(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                _members.Add(member.Name, member.Value.Clone());
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // Not JSON, not an object, or a name with half a character.
            _problem = "it is no JSON object";
        }
    }

    public static JsonMembers Parse(string text) => new(text);

    public bool Has(string name) => _members.ContainsKey(name);

    public void Require(bool condition, string what) => _problem ??= condition ? null : what;

    public string Text(string name)
    {
        try
        {
            return Member(name, JsonValueKind.String, "a text")?.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            Require(false, $"{name} has half a character");
            return "";
        }
    }

    public int Number(string name) => Integer(Member(name, JsonValueKind.Number, "a number"), name);

    public float Real(string name) => Member(name, JsonValueKind.Number, "a number") is { } member && member.TryGetSingle(out var number) ? number : 0;

    public ImmutableArray<int> Numbers(string name) =>
        Member(name, JsonValueKind.Array, "a list of numbers") is { } list ? [.. list.EnumerateArray().Select(element => Integer(element, name))] : [];

    /// <summary>The first thing that does not fit, or null; call it last.</summary>
    public string? Problem()
    {
        foreach (var member in _members.Keys)
        {
            Require(_read.Contains(member), "it has a member that is not known");
        }

        return _problem;
    }

    private JsonElement? Member(string name, JsonValueKind kind, string what)
    {
        _read.Add(name);
        if (_members.TryGetValue(name, out var member) && member.ValueKind == kind)
        {
            return member;
        }

        Require(false, $"{name} is {what}");
        return null;
    }

    private int Integer(JsonElement? element, string name)
    {
        if (element is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value))
        {
            return value;
        }

        Require(false, $"{name} is a whole number of 32 bits");
        return 0;
    }
}
