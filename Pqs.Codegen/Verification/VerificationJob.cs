using Pqs.Codegen.Plan;
using Pqs.Codegen.Targets;

namespace Pqs.Codegen.Verification;

/// <summary>What is verified on a target, and where.</summary>
/// <param name="Target">The target.</param>
/// <param name="Plan">The plan for it, which the code is generated from.</param>
/// <param name="Prefix">Prefix of the generated files.</param>
/// <param name="Expectation">What must come out.</param>
/// <param name="WorkFolder">Where sources, objects, images and results go.</param>
/// <param name="Timeout">The longest time that one run may take.</param>
public sealed record VerificationJob(Target Target, ExecutionPlan Plan, string Prefix, Expectation Expectation, string WorkFolder, TimeSpan Timeout)
{
    /// <summary>The target's part of the work folder.</summary>
    internal string TargetFolder => Path.Combine(WorkFolder, Target.Name);
}
