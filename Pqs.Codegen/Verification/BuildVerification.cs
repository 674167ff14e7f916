using System.Collections.Immutable;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Verification;

/// <summary>Builds the verification program for one target by one compiler, runs it, and compares what it wrote.</summary>
internal static class BuildVerification
{
    private const string LayerHook = "harness_layer_done";

    public static async Task<BuildOutcome> OnHostAsync(VerificationJob job, string compiler, CancellationToken cancellation)
    {
        var diagnostics = new DiagnosticBag();
        var folder = Path.Combine(job.TargetFolder, Path.GetFileName(compiler));
        var program = await HostBuilder.BuildAsync(SourceFolder.Request(job, folder), compiler, diagnostics, cancellation).ConfigureAwait(false);
        var isDone = program != null && WriteInputs(job, folder, diagnostics)
            && await HostRun.RunAsync(program, folder, job.Timeout, diagnostics, cancellation).ConfigureAwait(false) != null;
        var (verdict, mismatch) = isDone ? Compare(job, folder, $"{job.Target.Name} built by {compiler}", diagnostics) : (Verdict.Failed, null);
        return new BuildOutcome(job.Target.Name, job.Plan, compiler, verdict, mismatch, null, [], diagnostics.ToImmutable());
    }

    public static async Task<BuildOutcome> OnChipAsync(VerificationJob job, CancellationToken cancellation)
    {
        var diagnostics = new DiagnosticBag();
        var target = job.Target;
        var folder = job.TargetFolder;
        var image = await FirmwareBuilder.BuildAsync(SourceFolder.Request(job, folder), diagnostics, cancellation).ConfigureAwait(false);
        if (image == null)
        {
            return new BuildOutcome(target.Name, job.Plan, target.Compilers[0], Verdict.Failed, null, null, [], diagnostics.ToImmutable());
        }

        var run = WriteInputs(job, folder, diagnostics)
            ? await Qemu.RunAsync(target, image, folder, job.Timeout, diagnostics, cancellation).ConfigureAwait(false)
            : null;
        var place = $"{target.Name} on {image.Machine.Name}";
        var (verdict, mismatch) = run != null ? Compare(job, folder, place, diagnostics) : (Verdict.Failed, null);
        var use = run != null ? Measure(job, image, run.Report, place, diagnostics) : null;
        if (use != null && target.StackBytes < Math.Max(use.StackBound ?? 0, use.StackMeasured ?? 0))
        {
            diagnostics.Report(DiagnosticDescriptors.StackAboveBound, place, Math.Max(use.StackBound ?? 0, use.StackMeasured ?? 0), target.StackBytes);
            verdict = verdict == Verdict.Identical ? Verdict.Failed : verdict;
        }

        return new BuildOutcome(target.Name, job.Plan, image.Machine.Name, verdict, mismatch, use, image.Notes, diagnostics.ToImmutable());
    }

    private static bool WriteInputs(VerificationJob job, string folder, DiagnosticBag diagnostics)
    {
        try
        {
            File.WriteAllBytes(Path.Combine(folder, RunFolder.Inputs), job.Expectation.InputBytes());
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritable, folder, exception.Message);
            return false;
        }
    }

    private static (Verdict Verdict, LayerMismatch? Mismatch) Compare(VerificationJob job, string folder, string place, DiagnosticBag diagnostics)
    {
        byte[] trace;
        byte[] outputs;
        try
        {
            trace = File.ReadAllBytes(Path.Combine(folder, RunFolder.Trace));
            outputs = File.ReadAllBytes(Path.Combine(folder, RunFolder.Outputs));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.FileNotReadable, place, exception.Message);
            return (Verdict.Failed, null);
        }

        if (!job.Expectation.IsComplete(trace, outputs))
        {
            diagnostics.Report(DiagnosticDescriptors.TraceIncomplete, place, trace.Length + outputs.Length);
            return (Verdict.Failed, null);
        }

        var mismatch = job.Expectation.Compare(trace, outputs);
        return (mismatch == null ? Verdict.Identical : Verdict.Different, mismatch);
    }

    private static ChipUse Measure(VerificationJob job, FirmwareImage image, FirmwareReport report, string place, DiagnosticBag diagnostics)
    {
        var stack = StackAnalysis.Analyze(image, job.Prefix + "_invoke", ImmutableHashSet.Create(LayerHook), place, diagnostics);
        var modelFiles = SourceFolder.ModelFiles(job);
        var tables = image.Memory.Of(name => name == SourceFolder.TableFile(job.Prefix)).Flash;
        var samples = report.Samples;
        return new ChipUse(
            tables,
            image.Memory.Of(name => modelFiles.Contains(name)).Flash - tables,
            job.Plan.Arena.Size,
            stack is { IsBound: true } ? stack.Bytes : null,
            report.StackBytes,
            [.. job.Plan.Steps.Select((_, layer) => image.Machine.Instructions(Mean(samples.Select(sample => sample.LayerTicks.ElementAtOrDefault(layer)))))],
            image.Machine.Instructions(Mean(samples.Select(sample => sample.InvokeTicks ?? 0))));
    }

    private static long Mean(IEnumerable<long> ticks) => (long)Math.Round(ticks.Average(), MidpointRounding.AwayFromZero);
}
