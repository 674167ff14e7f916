using System.Collections.Immutable;
using Pqs.Compress.Equalization;
using Pqs.Compress.Pipeline;
using Pqs.Compress.Pruning;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Reconstruction;
using Pqs.Compress.Requests;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Compress.Sensitivity;

/// <summary>Measures what compression of each layer alone, the others left as they are, does to the output of a float network.</summary>
internal sealed class SensitivityMeasure
{
    /// <summary>Samples that are enough to compare errors with each other.</summary>
    private const int MaximumSamples = 128;

    private readonly FloatGraph _graph;
    private readonly CompressionSettings _settings;
    private readonly ImmutableArray<float[]> _samples;
    private readonly ImmutableArray<float[]>[] _values;
    private readonly int _output;
    private readonly double _deviation;

    public SensitivityMeasure(FloatGraph graph, ImmutableArray<float[]> samples, CompressionSettings settings)
    {
        _graph = settings.Has(CompressionSteps.Equalization) ? CrossLayerEqualization.Run(graph) : graph;
        _settings = settings with { Accumulators = new AccumulatorGoal(new(32, []), Guarantee.None, 0), IsQuantizedFirst = false };
        _samples = samples[..Math.Min(samples.Length, MaximumSamples)];
        _values = Run(_graph);

        // A softmax hides what happens to small probabilities; its input shows it.
        var last = _graph.Nodes.Last(node => node.Output == _graph.Outputs[0]);
        _output = last.Operator is FloatSoftmax ? last.Inputs[0] : last.Output;
        _deviation = Math.Max(_values.Sum(values => values[_output].Sum(value => (double)value * value)), 1e-30);
    }

    /// <summary>The errors of all choices of a layer, as parts of the output's square.</summary>
    public double[] Errors(int index, LayerIdentity identity, IReadOnlyList<LayerChoice> choices)
    {
        var node = _graph.Nodes[index];
        var dot = (FloatDotProductOperator)node.Operator;
        float[][] inputs = [.. _values.Select(values => values[node.Inputs[0]])];
        var data = new LayerData(dot, _graph.Tensors[node.Inputs[0]].Shape, inputs.Length);
        var problems = LayerFit.Problems(dot, data, inputs, null, _settings);
        var grid = ActivationGrid.Choose(ValueHistogram.Of(inputs), ActivationMethod.MinMax, ActivationGrid.MaximumBits);
        return [.. choices.Select(choice => Error(index, dot, problems, grid, identity, choice))];
    }

    private double Error(
        int index, FloatDotProductOperator dot, ImmutableArray<LayerProblem> problems, ActivationGrid grid, LayerIdentity identity, LayerChoice choice)
    {
        // By name, since the default spares some layers.
        var requests = new WeightRequests(new(SparsityPattern.Dense, [new("*", choice.Pattern)]), new(choice.Bits, []));
        var (channels, biases) = new LayerCompressor(
            dot, problems, grid, _settings with { Weights = requests }, identity, [.. problems.Select(_ => (Func<int[], int[], bool>?)null)]).Run();
        var weights = new float[dot.Weights.Length];
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            foreach (var (product, weight) in channels[channel].ToReal().Index())
            {
                weights[dot.WeightIndex(channel, product)] = (float)weight;
            }
        }

        var changed = dot with { Weights = [.. weights], Bias = [.. biases.Select(bias => (float)bias)] };
        var values = Run(_graph with { Nodes = _graph.Nodes.SetItem(index, _graph.Nodes[index] with { Operator = changed }) });
        var error = 0.0;
        foreach (var (before, after) in _values.Zip(values))
        {
            error += before[_output].Zip(after[_output], (a, b) => ((double)a - b) * ((double)a - b)).Sum();
        }

        return error / _deviation;
    }

    private ImmutableArray<float[]>[] Run(FloatGraph graph)
    {
        var values = new ImmutableArray<float[]>[_samples.Length];
        Parallel.For(0, values.Length, sample => values[sample] = FloatInterpreter.Run(graph, _samples[sample]));
        return values;
    }
}
