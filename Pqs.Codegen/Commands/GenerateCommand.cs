using System.CommandLine;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs generate</c>: a model as C sources.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var target = new Option<string>("--target", "-t") { Description = "Chip to generate for; see pqs targets.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "Folder that the sources go into; files of the same names in it are replaced.", Required = true };
        var name = CommonOptions.Name();
        var package = new Option<string?>("--package") { Description = "Also write build files: cmake (a library to add_subdirectory or FetchContent)." };
        package.AcceptOnlyFromAmong("cmake");
        var failOn = new FailOnOption();
        var command = new Command("generate", "Write a model as C sources with a manifest.")
        {
            target,
            output,
            name,
            package,
        };
        model.AddTo(command);
        failOn.AddTo(command);
        command.SetAction(result => Run(
            model,
            failOn,
            result,
            result.GetRequiredValue(target),
            result.GetRequiredValue(output),
            result.GetValue(name),
            result.GetValue(package) != null));
        return command;
    }

    private static int Run(ModelOptions model, FailOnOption failOn, ParseResult result, string targetName, string folder, string? name, bool isPackage)
    {
        var diagnostics = new DiagnosticBag();
        var target = TargetCatalog.Load(Installation.TargetsFolder, targetName, diagnostics);
        var graph = target == null ? null : model.Load(result, diagnostics);
        var plan = graph == null ? null : model.Plan(result, graph, target!, diagnostics);
        var prefix = plan == null ? null : ModelOptions.Prefix(name, plan.Graph, diagnostics);
        if (plan != null && target != null && prefix != null && failOn.Check(result, plan, diagnostics))
        {
            Write(plan, target, prefix, folder, isPackage, diagnostics);
        }

        Terminal.Write(diagnostics.ToImmutable());
        return diagnostics.HasErrors ? ExitCode.Refused : ExitCode.Success;
    }

    private static void Write(ExecutionPlan plan, Target target, string prefix, string folder, bool isPackage, DiagnosticBag diagnostics)
    {
        var files = GeneratedPackage.Create(plan, target, prefix, isPackage);

        // Kernels of other models in the folder share internal functions with those of this one.
        files = [.. files, .. KernelLibrary.Files(folder).Except(files)];
        if (!OutputFolder.Write(folder, files, diagnostics))
        {
            return;
        }

        foreach (var file in files)
        {
            Console.Out.WriteLine($"{Path.Combine(folder, file.Name)}");
        }

        Console.Out.WriteLine(
            $"{prefix}: {Text.Number(plan.TableBytes)} bytes of tables in flash, {Text.Number(plan.Arena.Size)} bytes of arena in RAM");
    }
}
