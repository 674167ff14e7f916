using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>Builds programs that run on this machine.</summary>
public static class HostBuilder
{
    /// <summary>What linkers call them when they cannot be found. Clang's are in a package of their own.</summary>
    private static readonly ImmutableArray<string> SanitizerLibraries = ["libclang_rt.", "cannot find -lasan", "cannot find -lubsan"];

    /// <summary>Builds with one of the target's compilers. Null, and an error reported, when the program cannot be built.</summary>
    public static async Task<HostProgram?> BuildAsync(
        BuildRequest request, string compiler, DiagnosticBag diagnostics, CancellationToken cancellation = default)
    {
        if (!BuildFolder.Prepare(request, diagnostics)
            || await Compilation.CompileAsync(request, compiler, request.Sources, [], diagnostics, cancellation).ConfigureAwait(false)
                is not { } objects)
        {
            return null;
        }

        var program = OperatingSystem.IsWindows() ? "program.exe" : "program";
        ImmutableArray<string> arguments = [.. request.Target.Flags, "-o", program, .. objects.Select(o => o.Name)];
        var result = await ToolRun.RunAsync(compiler, arguments, request.OutputFolder, cancellation).ConfigureAwait(false);
        if (result.Succeeded)
        {
            return new HostProgram(Path.GetFullPath(Path.Combine(request.OutputFolder, program)), compiler);
        }

        if (ToolRun.ReportUnusable(compiler, result, request.Target.Name, diagnostics))
        {
            return null;
        }

        if (SanitizerLibraries.Any(library => result.StandardError.Contains(library, StringComparison.Ordinal)))
        {
            diagnostics.Report(
                DiagnosticDescriptors.SanitizersMissing, request.Target.Name, compiler, ToolLocator.DebianPackages(compiler));
        }
        else
        {
            diagnostics.Report(DiagnosticDescriptors.LinkFailed, request.Target.Name, compiler, ToolRun.FirstLines(result));
        }

        return null;
    }
}
