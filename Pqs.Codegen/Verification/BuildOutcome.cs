using System.Collections.Immutable;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Verification;

/// <summary>The verification of one build of the generated code.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Plan">The plan for the target.</param>
/// <param name="Runner">What built or ran it: the compiler on a host, the emulated machine for a microcontroller.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Mismatch">The first difference, when there is one.</param>
/// <param name="Use">What it takes on the chip; null on a host or when it failed.</param>
/// <param name="Notes">What a reader must know, such as a machine that was too small.</param>
/// <param name="Diagnostics">What was reported.</param>
public sealed record BuildOutcome(
    string Target,
    ExecutionPlan Plan,
    string Runner,
    Verdict Verdict,
    LayerMismatch? Mismatch,
    ChipUse? Use,
    ImmutableArray<string> Notes,
    ImmutableArray<Diagnostic> Diagnostics);
