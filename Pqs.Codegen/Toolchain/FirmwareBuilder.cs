using System.Collections.Immutable;
using System.Globalization;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>Builds bare-metal programs, for the first of the target's machines that has room.</summary>
public static class FirmwareBuilder
{
    /// <summary>Builds for a target that is a microcontroller. Null, and an error reported, when the program cannot be built.</summary>
    public static async Task<FirmwareImage?> BuildAsync(
        BuildRequest request, DiagnosticBag diagnostics, CancellationToken cancellation = default)
    {
        var firmware = request.Target.Firmware ?? throw new ArgumentException("the target is a host", nameof(request));
        if (!BuildFolder.Prepare(request, diagnostics))
        {
            return null;
        }

        var compiler = request.Target.Compilers[0];
        var objects = await Compilation.CompileAsync(
            request, compiler, [firmware.StartupPath, .. request.Sources], CompilerFlags.Firmware, diagnostics, cancellation)
            .ConfigureAwait(false);
        if (objects is null)
        {
            return null;
        }

        var notes = ImmutableArray.CreateBuilder<string>();
        foreach (var machine in firmware.Machines)
        {
            if (WriteScript(request, firmware, machine, diagnostics) is not { } script)
            {
                return null;
            }

            var name = Path.GetFileNameWithoutExtension(script);
            ImmutableArray<string> arguments =
            [
                .. request.Target.Flags, .. CompilerFlags.FirmwareLink, $"-Wl,-Map={name}.map", "-T", script, "-o", name + ".elf",
                .. objects.Value.Select(o => o.Name),
            ];
            var result = await ToolRun.RunAsync(compiler, arguments, request.OutputFolder, cancellation).ConfigureAwait(false);
            if (result.Succeeded)
            {
                return Describe(request.OutputFolder, name, machine, notes.ToImmutable(), objects.Value, diagnostics);
            }

            if (ToolRun.ReportUnusable(compiler, result, request.Target.Name, diagnostics))
            {
                return null;
            }

            var overflows = RegionOverflow.Find(result.StandardError);
            if (overflows.IsEmpty)
            {
                diagnostics.Report(DiagnosticDescriptors.LinkFailed, request.Target.Name, compiler, ToolRun.FirstLines(result));
                return null;
            }

            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{machine.Name} with flash at 0x{machine.Flash.Origin:X8}: {string.Join(", ", overflows)}"));
        }

        diagnostics.Report(DiagnosticDescriptors.ImageDoesNotFit, request.Target.Name, string.Join("; ", notes));
        return null;
    }

    /// <summary>Name of the script written to the output folder.</summary>
    private static string? WriteScript(BuildRequest request, FirmwareSupport firmware, TargetMachine machine, DiagnosticBag diagnostics)
    {
        try
        {
            var place = Path.GetFileName(firmware.LinkerScriptPath);
            if (LinkerScript.Render(File.ReadAllText(firmware.LinkerScriptPath), place, machine, diagnostics) is not { } text)
            {
                return null;
            }

            var name = machine.Name + ".ld";
            File.WriteAllText(Path.Combine(request.OutputFolder, name), text);
            return name;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.BuildFolderUnusable, request.Target.Name, exception.Message);
            return null;
        }
    }

    private static FirmwareImage? Describe(
        string folder,
        string name,
        TargetMachine machine,
        ImmutableArray<string> notes,
        ImmutableArray<ObjectFile> objects,
        DiagnosticBag diagnostics)
    {
        var elfPath = Path.GetFullPath(Path.Combine(folder, name + ".elf"));
        var mapPath = Path.ChangeExtension(elfPath, ".map");
        if (ElfFile.Read(elfPath, diagnostics) is not { } elf)
        {
            return null;
        }

        try
        {
            var sources = objects.ToImmutableDictionary(o => o.Name, o => Path.GetFileName(o.Source), StringComparer.Ordinal);
            var memory = MemoryUse.Measure(elf, File.ReadAllText(mapPath), sources);
            var graphs = objects.Select(o => Path.Combine(folder, Path.ChangeExtension(o.Name, ".ci")));
            var callGraph = CallGraphInfo.Parse(graphs.Select(File.ReadAllText));
            return new FirmwareImage(elfPath, mapPath, machine, notes, memory, elf, callGraph);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.BuildFolderUnusable, name, exception.Message);
            return null;
        }
    }
}
