using System.CommandLine;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary><c>--fail-on</c>: makes a build fail where an accumulator is not as safe as it has to be.</summary>
internal sealed class FailOnOption
{
    private const string Persistent = "persistent";
    private const string Unproven = "unproven";

    private readonly Option<string?> _option = new("--fail-on")
    {
        Description = "Fail where the worst case of a channel clips in every order (persistent), or where its result depends on the order (unproven).",
    };

    public FailOnOption() => _option.AcceptOnlyFromAmong(Persistent, Unproven);

    public void AddTo(Command command) => command.Options.Add(_option);

    /// <summary>Reports each layer that the option does not allow; true when there is none.</summary>
    public bool Check(ParseResult result, ExecutionPlan plan, DiagnosticBag diagnostics)
    {
        var given = result.GetValue(_option);
        foreach (var step in given == null ? [] : plan.Steps)
        {
            if (step.Node.Operator is not DotProductOperator dot)
            {
                continue;
            }

            var place = $"{plan.Graph.Name}: {step.Node.Origin}";
            var bits = dot.Accumulator.Bits;
            var unproven = step.Bounds.Count(channel => channel.ProofAt(bits) == Proof.None);
            var clipping = step.Bounds.Count(channel => channel.ClipAt(bits) > 0);
            if (unproven > 0)
            {
                diagnostics.Report(DiagnosticDescriptors.Unproven, place, unproven, step.Bounds.Length, bits);
            }

            if (given == Persistent && clipping > 0)
            {
                diagnostics.Report(
                    DiagnosticDescriptors.ClipsPersistently, place, clipping, step.Bounds.Length, bits, step.Bounds.Max(channel => channel.BitsForSortedOrder));
            }
        }

        return !diagnostics.HasErrors;
    }
}
