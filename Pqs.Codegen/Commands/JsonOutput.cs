using System.Text;
using System.Text.Json;

namespace Pqs.Codegen.Commands;

/// <summary>Writes JSON to standard output or into a text: indented, LF, UTF-8, members in the order written.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static string Format(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    public static void Print(Action<Utf8JsonWriter> write) => Console.Out.Write(Format(write));
}
