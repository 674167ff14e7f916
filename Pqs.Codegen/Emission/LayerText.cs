using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pqs.Codegen.Plan;

namespace Pqs.Codegen.Emission;

/// <summary>The C text of single steps: parameter structs, pointers, calls.</summary>
internal sealed record LayerText(ExecutionPlan Plan, ModelNames Names)
{
    /// <summary>The definition of a step's parameter struct.</summary>
    public string Parameters(int step)
    {
        var call = Plan.Steps[step].Call!;
        var builder = new StringBuilder();
        builder.Append(CultureInfo.InvariantCulture, $"static const {call.ParameterType} {Names.Layer(step)} = {{\n");
        foreach (var field in call.Fields)
        {
            builder.Append(CultureInfo.InvariantCulture, $"    .{field.Name} = {Value(step, field)},\n");
        }

        return builder.Append("};\n").ToString();
    }

    /// <summary>The statement that computes a step; empty where the data is already in place.</summary>
    public string Statement(int step)
    {
        var (node, call, _) = Plan.Steps[step];
        var output = Pointer(node.Output);
        if (call == null)
        {
            var input = Pointer(node.Inputs[0]);
            return input == output ? "" : $"memcpy({output}, {input}, {Size(node.Output)});";
        }

        ImmutableArray<string> arguments =
        [
            "&" + Names.Layer(step),
            .. node.Inputs.Select(Pointer),
            output,
            .. Plan.Assignment.ScratchOfStep[step] is var scratch && scratch >= 0 ? [ArenaAddress(scratch)] : ImmutableArray<string>.Empty,
        ];
        return $"{call.Function}({string.Join(", ", arguments)});";
    }

    public string Hook(int step)
    {
        var tensor = Plan.Steps[step].Node.Output;
        return string.Create(CultureInfo.InvariantCulture, $"PQS_LAYER_DONE({step}, {Pointer(tensor)}, {Size(tensor)});");
    }

    /// <summary>What a reader needs to know of a step: where it comes from, its shapes, whether it works in place.</summary>
    public string Comment(int step)
    {
        var node = Plan.Steps[step].Node;
        var tensors = Plan.Graph.Tensors;
        var inputs = string.Join(" and ", node.Inputs.Select(id => tensors[id].Shape));
        var isInPlace = node.Inputs.Any(input => Pointer(input) == Pointer(node.Output)) ? ", in place" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Layer {step}: {node.Origin}, {inputs} to {tensors[node.Output].Shape}{isInPlace}. {CIdentifier.Comment(tensors[node.Output].Name)}");
    }

    public string Pointer(int tensor)
    {
        var buffer = Plan.BufferOf(tensor);
        return buffer.Kind switch
        {
            BufferKind.Input => string.Create(CultureInfo.InvariantCulture, $"input_{buffer.Index}"),
            BufferKind.Output => string.Create(CultureInfo.InvariantCulture, $"output_{buffer.Index}"),
            _ => ArenaAddress(Plan.Assignment.OfTensor[tensor]),
        };
    }

    private string ArenaAddress(int buffer) => string.Create(CultureInfo.InvariantCulture, $"memory + {Plan.Arena.Offsets[buffer]}");

    private string Size(int tensor) => Plan.Graph.Tensors[tensor].Shape.ElementCount.ToString(CultureInfo.InvariantCulture);

    private string Value(int step, KernelField field) => field switch
    {
        { Table: { } role } => Names.Table(step, role),
        { Values.Length: 0 } => "NULL",
        { Values.Length: 1 } => CArrayWriter.Literal(field.Values[0]),
        _ => "{" + string.Join(", ", field.Values.Select(CArrayWriter.Literal)) + "}",
    };
}
