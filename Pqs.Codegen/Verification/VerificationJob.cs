using Pqs.Codegen.Plan;

namespace Pqs.Codegen.Verification;

/// <summary>What is verified, and where.</summary>
/// <param name="Plan">The plan that the code is generated from.</param>
/// <param name="Prefix">Prefix of the generated files.</param>
/// <param name="Expectation">What must come out.</param>
/// <param name="WorkFolder">Where sources, objects, images and results go.</param>
/// <param name="Timeout">The longest time that one run may take.</param>
public sealed record VerificationJob(ExecutionPlan Plan, string Prefix, Expectation Expectation, string WorkFolder, TimeSpan Timeout);
