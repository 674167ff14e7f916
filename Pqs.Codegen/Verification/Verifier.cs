using System.Collections.Immutable;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Verification;

/// <summary>Verifies generated code on any number of targets.</summary>
public static class Verifier
{
    /// <summary>
    /// Builds and runs the code on every target, on a host by each of its compilers; as many at once as there are cores.
    /// </summary>
    /// <param name="progress">Is told the number of builds that have ended, and of all.</param>
    /// <returns>One outcome a build, in the order of the targets and compilers; null, and an error reported, when the sources cannot be written.</returns>
    public static async Task<ImmutableArray<BuildOutcome>?> VerifyAsync(
        VerificationJob job, ImmutableArray<Target> targets, Action<int, int> progress, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (!SourceFolder.Write(job, diagnostics))
        {
            return null;
        }

        var builds = targets.SelectMany(target => target.Compilers.Select(compiler => (Target: target, Compiler: compiler))).ToArray();
        var outcomes = new BuildOutcome[builds.Length];
        var ended = 0;
        progress(0, builds.Length);
        await Parallel.ForAsync(0, builds.Length, cancellation, async (index, token) =>
        {
            var (target, compiler) = builds[index];
            outcomes[index] = target.IsHost
                ? await BuildVerification.OnHostAsync(job, target, compiler, token).ConfigureAwait(false)
                : await BuildVerification.OnChipAsync(job, target, token).ConfigureAwait(false);
            progress(Interlocked.Increment(ref ended), builds.Length);
        }).ConfigureAwait(false);
        return [.. outcomes];
    }
}
