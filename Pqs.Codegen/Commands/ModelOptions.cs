using System.CommandLine;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>The model that a command works on, with the input range and the accumulators that its options ask for.</summary>
internal sealed class ModelOptions
{
    private readonly Argument<string> _model = new("model")
    {
        Description = "An int8 TensorFlow Lite model (.tflite) or a quantized ONNX model (.onnx).",
    };

    private readonly InputRangeOption _inputRange = new();
    private readonly PlanningOptions? _planning;

    /// <param name="takesRange">Whether a range of accumulator widths may be given.</param>
    /// <param name="areForCode">Whether the command plans for a chip, so that objective and RAM limit may be given.</param>
    public ModelOptions(bool takesRange = false, bool areForCode = true)
    {
        Accumulators = new AccumulatorOptions(takesRange);
        _planning = areForCode ? new PlanningOptions() : null;
    }

    public AccumulatorOptions Accumulators { get; }

    public void AddTo(Command command)
    {
        command.Arguments.Add(_model);
        Accumulators.AddTo(command);
        _inputRange.AddTo(command);
        _planning?.AddTo(command);
    }

    /// <returns>A verified graph, or null when an error was reported.</returns>
    /// <param name="otherSchedule">Takes the place of the schedule that the options name, where it is not null.</param>
    public Graph? Load(ParseResult result, DiagnosticBag diagnostics, string? otherSchedule = null) =>
        ModelLoader.Load(result.GetRequiredValue(_model), diagnostics) is { } loaded && _inputRange.Apply(result, loaded, diagnostics) is { } graph
            ? Accumulators.Apply(result, graph, otherSchedule, diagnostics)
            : null;

    /// <returns>A verified plan, or null when an error was reported.</returns>
    /// <param name="target">What the plan is for.</param>
    public ExecutionPlan? Plan(ParseResult result, Graph graph, Target target, DiagnosticBag diagnostics) =>
        Planner.Plan(graph, diagnostics, _planning?.Read(result), target.Costs);

    /// <summary>The prefix that a user gave, or one made from the model's name; null, reported, when it cannot be one.</summary>
    public static string? Prefix(string? given, Graph graph, DiagnosticBag diagnostics)
    {
        var prefix = given ?? CIdentifier.PrefixFrom(graph.Name);
        if (CIdentifier.IsValidPrefix(prefix))
        {
            return prefix;
        }

        diagnostics.Report(DiagnosticDescriptors.NameInvalid, "--name", Printable.Name(prefix));
        return null;
    }
}
