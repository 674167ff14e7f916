using System.CommandLine;
using System.Text.Json;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs inspect</c>: what is in a model, and what it will take.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var json = CommonOptions.Json();
        var command = new Command("inspect", "Show a model's layers, their work and memory, and the arena that it needs.")
        {
            json,
        };
        model.AddTo(command);
        command.SetAction(result => Run(model, result, result.GetValue(json)));
        return command;
    }

    private static int Run(ModelOptions model, ParseResult result, bool json)
    {
        var diagnostics = new DiagnosticBag();
        var plan = model.Plan(result, diagnostics);
        Terminal.Write(diagnostics.ToImmutable());
        if (plan == null)
        {
            return ExitCode.Refused;
        }

        if (json)
        {
            JsonOutput.Print(writer => WriteJson(writer, plan));
        }
        else
        {
            Print(plan);
        }

        return ExitCode.Success;
    }

    private static void Print(ExecutionPlan plan)
    {
        var graph = plan.Graph;
        var table = Terminal.NewTable(">#", "layer", "input", "output", ">MACs", ">tables", "accumulator", "kernel");
        foreach (var (position, step) in plan.Steps.Index())
        {
            table.AddRow(
                Text.Number(position),
                step.Node.Operator.Name,
                string.Join(" + ", step.Node.Inputs.Select(id => graph.Tensors[id].Shape)),
                graph.Tensors[step.Node.Output].Shape.ToString(),
                Text.Number(WorkCount.Macs(graph, step.Node)),
                Text.Number(step.Call?.TableBytes ?? 0),
                Accumulator(step.Node.Operator),
                step.Call?.Function ?? "none (same memory)");
        }

        Terminal.Write(table);
        Console.Out.WriteLine($"{Printable.Line(graph.Name)}, SHA-256 {graph.SourceHash}");
        Console.Out.WriteLine($"MACs     {Text.Number(graph.Nodes.Sum(node => WorkCount.Macs(graph, node)))}");
        Console.Out.WriteLine($"tables   {Text.Number(plan.TableBytes)} bytes of flash");
        Console.Out.WriteLine($"arena    {Text.Number(plan.Arena.Size)} bytes of RAM (no layout is below {Text.Number(plan.Arena.LowerBound)})");
        Console.Out.WriteLine($"inputs   {Text.Number(graph.InputBytes)} bytes, outputs {Text.Number(graph.OutputBytes)} bytes, given by the caller");
    }

    private static string Accumulator(Operator @operator) => @operator is DotProductOperator dot
        ? $"{dot.Accumulator.Bits} bits, {dot.Accumulator.Schedule.Name}"
        : "";

    private static void WriteJson(Utf8JsonWriter writer, ExecutionPlan plan)
    {
        writer.WriteString("model", plan.Graph.Name);
        PlanJson.Write(writer, plan);
    }
}
