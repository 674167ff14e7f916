using System.Globalization;
using System.Text;
using Pqs.Codegen.Plan;

namespace Pqs.Codegen.Emission;

/// <summary>The declarations and definitions of a model's constant tables.</summary>
internal static class WeightsWriter
{
    public static string Declarations(ExecutionPlan plan, ModelNames names)
    {
        var builder = new StringBuilder();
        foreach (var (step, table) in Tables(plan))
        {
            builder.Append(CultureInfo.InvariantCulture, $"extern const {table.ElementType} {names.Table(step, table.Role)}[{table.Values.Length}];\n");
        }

        return builder.ToString();
    }

    public static string Definitions(ExecutionPlan plan, ModelNames names)
    {
        var builder = new StringBuilder();
        foreach (var (step, table) in Tables(plan))
        {
            var separator = builder.Length > 0 ? "\n" : "";
            builder.Append(
                CultureInfo.InvariantCulture,
                $"{separator}PQS_WEIGHTS_ATTR const {table.ElementType} {names.Table(step, table.Role)}[{table.Values.Length}] = {{\n");
            CArrayWriter.AppendElements(builder, table.Values);
            builder.Append("};\n");
        }

        return builder.ToString();
    }

    private static IEnumerable<(int Step, ConstantTable Table)> Tables(ExecutionPlan plan) =>
        plan.Steps.SelectMany((step, position) => (step.Call?.Tables ?? []).Select(table => (position, table)));
}
