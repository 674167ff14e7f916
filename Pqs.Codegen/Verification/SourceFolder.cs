using System.Collections.Immutable;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Verification;

/// <summary>The sources of a verification program: the generated code as a user gets it, but for the stack macro, and the harness that runs it.</summary>
internal static class SourceFolder
{
    private const string Name = "source";

    /// <summary>Writes the generated files; false, and an error reported, when that fails.</summary>
    public static bool Write(VerificationJob job, DiagnosticBag diagnostics) => OutputFolder.Write(
        Path.Combine(job.TargetFolder, Name),
        [.. CodeEmitter.Emit(job.Plan, job.Prefix, stackBytes: null), CodeEmitter.EmitHarness(job.Plan, job.Prefix)],
        diagnostics);

    /// <summary>Names of the C files that belong to the model on a chip.</summary>
    public static ImmutableArray<string> ModelFiles(VerificationJob job) => CodeEmitter.Compiled(job.Plan, job.Prefix);

    public static string TableFile(string prefix) => prefix + "_weights.c";

    public static BuildRequest Request(VerificationJob job, string outputFolder)
    {
        var source = Path.GetFullPath(Path.Combine(job.TargetFolder, Name));
        var harness = Path.GetFullPath(Installation.HarnessFolder);
        return new BuildRequest(
            job.Target,
            [
                .. ModelFiles(job).Select(file => Path.Combine(source, file)),
                Path.Combine(harness, "harness.c"),
                Path.Combine(harness, job.Target.IsHost ? "platform_host.c" : "platform_cortex_m.c"),
            ],
            [source, harness],
            ["PQS_CONFIG_HEADER=\"harness_config.h\""],
            outputFolder);
    }
}
