using System.Collections;
using System.Globalization;
using Pqs.Reference.Model;

namespace Pqs.Tests.Reference;

/// <summary>A graph as text, with every public property of every part, so that two graphs can be compared and a difference read.</summary>
internal static class GraphText
{
    public static string Of(Graph graph)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Write(writer, "graph", graph);
        return writer.ToString();
    }

    private static void Write(TextWriter writer, string path, object? value)
    {
        switch (value)
        {
            case null or string or Enum or IConvertible:
                writer.WriteLine($"{path} = {Convert.ToString(value, CultureInfo.InvariantCulture)}");
                break;
            case IEnumerable items:
                foreach (var (index, item) in items.Cast<object>().Index())
                {
                    Write(writer, $"{path}[{index}]", item);
                }

                break;
            default:
                writer.WriteLine($"{path} : {value.GetType().Name}");
                foreach (var property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0 && !property.GetMethod!.IsStatic))
                {
                    Write(writer, $"{path}.{property.Name}", property.GetValue(value));
                }

                break;
        }
    }
}
