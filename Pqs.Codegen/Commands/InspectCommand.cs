using System.CommandLine;
using System.Text.Json;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
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
        var failOn = new FailOnOption();
        var check = new Option<string?>("--check") { Description = "Check this manifest of generated code: derive all that it says again, from the model." };
        var json = CommonOptions.Json();
        var target = new Option<string>("--target", "-t")
        {
            Description = "Chip whose kernels to choose; the host's are those of cortex-m4.",
            DefaultValueFactory = _ => "host",
        };
        var command = new Command("inspect", "Show a model's layers, their work and memory, and the arena that it needs.")
        {
            target,
            check,
            json,
        };
        model.AddTo(command);
        failOn.AddTo(command);
        command.SetAction(result => Run(model, failOn, result, result.GetRequiredValue(target), result.GetValue(check), result.GetValue(json)));
        return command;
    }

    private static int Run(ModelOptions model, FailOnOption failOn, ParseResult result, string targetName, string? manifest, bool json)
    {
        var diagnostics = new DiagnosticBag();
        var graph = model.Load(result, diagnostics);
        if (graph != null && manifest != null)
        {
            var isRight = ManifestCheck.Run(manifest, graph, diagnostics);
            Terminal.Write(diagnostics.ToImmutable());
            Console.Out.WriteLine(isRight ? $"{Printable.Line(manifest)} follows from the model" : $"{Printable.Line(manifest)} does not follow from the model");
            return isRight ? ExitCode.Success : ExitCode.CheckFailed;
        }

        var target = graph == null ? null : TargetCatalog.Load(Installation.TargetsFolder, targetName, diagnostics);
        var plan = target == null ? null : model.Plan(result, graph!, target, diagnostics);
        var isAllowed = plan == null || failOn.Check(result, plan, diagnostics);
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

        return isAllowed ? ExitCode.Success : ExitCode.CheckFailed;
    }

    private static void Print(ExecutionPlan plan)
    {
        var graph = plan.Graph;
        var table = Terminal.NewTable(">#", "layer", "output", ">MACs", ">tables", "N:M", "accumulator", ">bits needed", "proof", "kernel", ">instructions");
        foreach (var (position, step) in plan.Steps.Index())
        {
            table.AddRow(
                Text.Number(position),
                step.Node.Operator.Name,
                graph.Tensors[step.Node.Output].Shape.ToString(),
                Text.Number(WorkCount.Macs(graph, step.Node)),
                Text.Number(step.Call?.TableBytes ?? 0),
                (step.Node.Operator as DotProductOperator) is { } dot ? PruningPattern.Detect(dot)?.ToString() ?? "dense" : "",
                Accumulator(step.Node.Operator),
                BitsNeeded(step),
                ProofOf(step),
                step.Call?.Function ?? "none (same memory)",
                Text.Number((long?)step.Instructions));
        }

        Terminal.Write(table);
        Console.Out.WriteLine($"{Printable.Line(graph.Name)}, SHA-256 {graph.SourceHash}");
        Console.Out.WriteLine($"MACs     {Text.Number(graph.Nodes.Sum(node => WorkCount.Macs(graph, node)))}");
        Console.Out.WriteLine($"tables   {Text.Number(plan.TableBytes)} bytes of flash");
        Console.Out.WriteLine($"arena    {Text.Number(plan.Arena.Size)} bytes of RAM (no layout is below {Text.Number(plan.Arena.LowerBound)})");
        Console.Out.WriteLine($"inputs   {Text.Number(graph.InputBytes)} bytes, outputs {Text.Number(graph.OutputBytes)} bytes, given by the caller");
        int[] multiplierBits = [.. graph.Nodes.Select(node => MultiplierBitsOf(node.Operator)).OfType<int>()];
        var shortOnes = multiplierBits.Count(bits => bits == MultiplierBits.Short);
        if (shortOnes > 0)
        {
            Console.Out.WriteLine($"factors  multipliers of {MultiplierBits.Short} bits in {shortOnes} of {multiplierBits.Length} layers that have some");
        }

        foreach (var input in graph.Inputs.Select(id => graph.Tensors[id]).Where(tensor => tensor.DeclaredRange != TensorRange.Full))
        {
            Console.Out.WriteLine($"promise  {Printable.Name(input.Name)} holds {input.DeclaredRange.Minimum} to {input.DeclaredRange.Maximum}");
        }
    }

    private static string Accumulator(Operator @operator) => @operator is DotProductOperator dot
        ? $"{dot.Accumulator.Bits} bits, {dot.Accumulator.Schedule.Name}"
        : "";

    private static int? MultiplierBitsOf(Operator @operator) => @operator switch
    {
        DotProductOperator dot => dot.MultiplierBits,
        Add add => add.MultiplierBits,
        _ => null,
    };

    /// <summary>The narrowest accumulator of the worst channel: in sorted order, and in any order.</summary>
    private static string BitsNeeded(Step step) => step.Bounds.IsEmpty
        ? ""
        : $"{step.Bounds.Max(channel => channel.BitsForSortedOrder)} sorted, {step.Bounds.Max(channel => channel.BitsForAnyOrder)} any";

    private static string ProofOf(Step step)
    {
        if (step.Node.Operator is not DotProductOperator dot)
        {
            return "";
        }

        var bits = dot.Accumulator.Bits;
        var clips = step.Bounds.Count(channel => channel.ClipAt(bits) > 0);
        var proof = ProofText.Name(step.Bounds.Max(channel => channel.ProofAt(bits)));
        return clips > 0 ? $"{proof}; {clips} of {step.Bounds.Length} channels may clip" : proof;
    }

    private static void WriteJson(Utf8JsonWriter writer, ExecutionPlan plan)
    {
        writer.WriteString("model", plan.Graph.Name);
        PlanJson.Write(writer, plan);
    }
}
