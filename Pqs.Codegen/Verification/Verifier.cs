using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Verification;

/// <summary>Verifies generated code on any number of targets.</summary>
public static class Verifier
{
    /// <summary>
    /// Builds and runs the code of every job, on a host by each of its compilers; as many at once as there are cores.
    /// </summary>
    /// <param name="jobs">One for each target.</param>
    /// <param name="progress">Is told the number of builds that have ended, and of all.</param>
    /// <returns>One outcome a build, in the order of the jobs and compilers; null, and an error reported, when the sources cannot be written.</returns>
    public static async Task<ImmutableArray<BuildOutcome>?> VerifyAsync(
        ImmutableArray<VerificationJob> jobs, Action<int, int> progress, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (!jobs.All(job => SourceFolder.Write(job, diagnostics)))
        {
            return null;
        }

        var builds = jobs.SelectMany(job => job.Target.Compilers.Select(compiler => (Job: job, Compiler: compiler))).ToArray();
        var outcomes = new BuildOutcome[builds.Length];
        var ended = 0;
        progress(0, builds.Length);
        await Parallel.ForAsync(0, builds.Length, cancellation, async (index, token) =>
        {
            var (job, compiler) = builds[index];
            outcomes[index] = job.Target.IsHost
                ? await BuildVerification.OnHostAsync(job, compiler, token).ConfigureAwait(false)
                : await BuildVerification.OnChipAsync(job, token).ConfigureAwait(false);
            progress(Interlocked.Increment(ref ended), builds.Length);
        }).ConfigureAwait(false);
        return [.. outcomes];
    }
}
