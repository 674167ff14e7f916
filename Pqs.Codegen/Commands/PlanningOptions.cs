using System.CommandLine;
using Pqs.Codegen.Plan;

namespace Pqs.Codegen.Commands;

/// <summary><c>--optimize</c> and <c>--ram</c>: what is asked of a plan.</summary>
internal sealed class PlanningOptions
{
    private readonly Option<string?> _objective = new("--optimize")
    {
        Description = "What matters where several kernels compute a layer: balanced (speed, pruned layers without their zeros), speed, size (flash of tables) or ram (the arena) [default: balanced].",
        HelpName = "objective",
    };

    private readonly Option<int?> _ram = new("--ram")
    {
        Description = "Bytes that the arena may have; kernels that are faster with more memory use what is left of them.",
        HelpName = "bytes",
    };

    public PlanningOptions()
    {
        _objective.AcceptOnlyFromAmong([.. PlanOptionsText.Objectives]);
        _ram.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var bytes) && bytes < 1)
            {
                result.AddError("--ram is at least 1 byte.");
            }
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_objective);
        command.Options.Add(_ram);
    }

    public PlanOptions Read(ParseResult result) => new(
        result.GetValue(_objective) is { } objective ? PlanOptionsText.Parse(objective) : PlanObjective.Balanced, result.GetValue(_ram));
}
