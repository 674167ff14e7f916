using System.Collections.Immutable;
using Pqs.Compress.Assembly;
using Pqs.Compress.Equalization;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Requests;
using Pqs.Compress.Simulation;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Compress.Pipeline;

/// <summary>
/// Makes a quantized network of a float one, layer by layer in the order of execution. Original and compressed values of all samples go along, so each layer is
/// fitted to the inputs that it will really have. The result is the same for any number of threads.
/// </summary>
public sealed class Compressor
{
    /// <summary>Second moments of as many columns are matrices of 128 MiB.</summary>
    private const int MaximumProducts = 4096;

    private readonly FloatGraph _graph;
    private readonly CompressionSettings _settings;
    private readonly Action<string> _progress;
    private readonly DiagnosticBag _diagnostics;
    private readonly NetworkValues _values;
    private readonly ImmutableSortedDictionary<int, LayerIdentity> _layers;
    private readonly ImmutableArray<LayerReport>.Builder _reports = ImmutableArray.CreateBuilder<LayerReport>();
    private readonly Tensor[] _tensors;
    private readonly ImmutableArray<float[]> _samples;

    private Compressor(
        FloatGraph graph, ImmutableArray<float[]> samples, CompressionSettings settings, Action<string> progress, DiagnosticBag diagnostics)
    {
        (_graph, _samples, _settings, _progress, _diagnostics) = (graph, samples, settings, progress, diagnostics);
        _values = new NetworkValues(graph);
        _layers = FloatLayers.Of(graph);
        _tensors = new Tensor[graph.Tensors.Length];
    }

    /// <param name="graph">A verified network.</param>
    /// <param name="samples">Calibration data: its input tensors one after another, finite; at least one sample.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>The result, or null when an error was reported.</returns>
    public static CompressionResult? Run(
        FloatGraph graph, ImmutableArray<float[]> samples, CompressionSettings settings, Action<string> progress, DiagnosticBag diagnostics)
    {
        var start = settings.Has(CompressionSteps.Equalization) ? CrossLayerEqualization.Run(graph) : graph;
        var compressor = new Compressor(start, samples, settings, progress, diagnostics);
        compressor._settings.Weights.RequireLayers([.. compressor._layers.Values], diagnostics);
        return !diagnostics.HasErrors && CalibrationCheck.Run(graph, samples, diagnostics) ? compressor.Run() : null;
    }

    private CompressionResult? Run()
    {
        SetInputs();
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (var (index, node) in _graph.Nodes.Index())
        {
            _progress($"layer {index} of {_graph.Nodes.Length}: {node.Operator.Name}");
            if (Compress(index, node) is not { } @operator)
            {
                return null;
            }

            nodes.Add(new Node(node.Origin, @operator, node.Inputs, node.Output));
            _values.ReleaseAfter(index);
        }

        var graph = new Graph(_graph.Name, _graph.SourceHash, [.. _tensors], nodes.ToImmutable(), _graph.Inputs, _graph.Outputs);
        return GraphVerifier.Verify(graph, _diagnostics) ? new CompressionResult(graph, _reports.ToImmutable()) : null;
    }

    private void SetInputs()
    {
        var start = 0;
        foreach (var id in _graph.Inputs)
        {
            var size = _graph.Tensors[id].Shape.ElementCount;
            var from = start;
            float[][] values = [.. _samples.Select(sample => sample.AsSpan(from, size).ToArray())];
            var grid = ActivationGrid.Choose(ValueHistogram.Of(values), ActivationMethod.MinMax, ActivationGrid.MaximumBits);
            Set(id, values, [.. values.Select(sample => Array.ConvertAll(sample, grid.Quantization.Nearest))], grid);
            start += size;
        }
    }

    private void Set(int id, float[][] reference, sbyte[][] compressed, ActivationGrid grid)
    {
        var tensor = _graph.Tensors[id];
        _tensors[id] = new Tensor(tensor.Name, tensor.Shape, grid.Quantization, id);
        _values[id] = new TensorValues(reference, compressed, grid);
    }

    /// <summary>Chooses a node's operator and computes its output; null, reported, where there is none.</summary>
    private Operator? Compress(int index, FloatNode node)
    {
        var reference = Reference(node);
        return node.Operator switch
        {
            FloatDotProductOperator dot => CompressDotProduct(index, node, dot, reference),
            FloatAdd add => CompressAdd(node, add, reference),
            FloatSoftmax => Finish(
                node, ElementwiseAssembly.Softmax(_values[node.Inputs[0]].Grid.Quantization, Place(node), _diagnostics), SoftmaxGrid, reference),
            _ => Finish(node, ElementwiseAssembly.Moving(node.Operator, _values[node.Inputs[0]].Grid), _values[node.Inputs[0]].Grid, reference),
        };
    }

    private static ActivationGrid SoftmaxGrid => new(SoftmaxQuantization.Output, OutputRange.Full);

    private string Place(FloatNode node) => $"{_graph.Name}: {node.Origin}";

    /// <summary>The original network's output of a node.</summary>
    private float[][] Reference(FloatNode node)
    {
        var inputs = node.Inputs.Select(id => _values[id].Reference).ToArray();
        ImmutableArray<Shape> shapes = [.. node.Inputs.Select(id => _graph.Tensors[id].Shape)];
        var output = _graph.Tensors[node.Output].Shape;
        return ForEachSample(sample => SingleNode.Run(node.Operator, shapes, output, [.. inputs.Select(input => input[sample])]));
    }

    private DotProductOperator? CompressDotProduct(int index, FloatNode node, FloatDotProductOperator dot, float[][] reference)
    {
        var (identity, input, shape) = (_layers[index], _values[node.Inputs[0]], _graph.Tensors[node.Inputs[0]].Shape);
        if (dot.ProductCount > MaximumProducts)
        {
            _diagnostics.Report(DiagnosticDescriptors.TooManyProducts, Place(node), dot.ProductCount, MaximumProducts);
            return null;
        }

        if (!ChannelCheck.Run(dot, reference, Place(node), _diagnostics))
        {
            return null;
        }

        var accumulatorBits = _settings.Accumulators.Bits.For(identity);
        var inputScale = input.Grid.Quantization.Scale;
        var (channels, biases) = LayerFit.Of(dot, shape, input, _settings, identity).Run();
        var layer = LayerAssembly.WithWeights(dot, channels, biases, inputScale, accumulatorBits);

        var lost = LostChannels(dot, layer);
        if (lost > 0 && _settings.Accumulators.Guarantee == Guarantee.Proven)
        {
            _diagnostics.Report(DiagnosticDescriptors.AccumulatorHoldsNothing, Place(node), lost, layer.OutputChannels, accumulatorBits);
            return null;
        }

        // The sums do not depend on the output's scale, which follows from them.
        var simulation = new DotProductSums(layer, shape, _graph.Tensors[node.Output].Shape, input.Grid.Quantization.ZeroPoint);
        var sums = ForEachSample(sample => simulation.Run(input.Compressed[sample]));
        var real = ForEachSample(sample => LayerOutput.Real(layer, sums[sample], inputScale, dot.Activation));
        var grid = ActivationGrid.Choose(ValueHistogram.Of(real), _settings.Activations, _settings.ActivationBits);
        var range = ActivationBounds.Of(dot.Activation, grid);
        if (LayerAssembly.WithOutput(layer, inputScale, grid, range, _settings.MultiplierBits, Place(node), _diagnostics) is not { } finished)
        {
            return null;
        }

        var outputs = ForEachSample(sample => LayerOutput.Of(finished, sums[sample], grid.Quantization.ZeroPoint));
        Set(node.Output, reference, [.. outputs.Select(output => output.Elements)], grid);
        _reports.Add(new LayerReport(
            identity,
            _settings.Weights.PatternFor(identity),
            _settings.Weights.Bits.For(identity),
            OutputError.Relative(_values[node.Output]),
            sums.Sum(sample => (long)sample.Length),
            outputs.Sum(output => output.Clips)));
        return finished;
    }

    /// <summary>Channels of which nothing is left.</summary>
    private static int LostChannels(FloatDotProductOperator dot, DotProductOperator layer) =>
        Enumerable.Range(0, dot.OutputChannels).Count(channel =>
            Enumerable.Range(0, dot.ProductCount).All(product => layer.Weight(channel, product) == 0)
            && Enumerable.Range(0, dot.ProductCount).Any(product => dot.Weight(channel, product) != 0));

    private Operator? CompressAdd(FloatNode node, FloatAdd add, float[][] reference)
    {
        var (first, second) = (_values[node.Inputs[0]], _values[node.Inputs[1]]);
        var (firstReal, secondReal) = (first.CompressedAsReal(), second.CompressedAsReal());
        var sums = ForEachSample(sample =>
        {
            var sum = firstReal[sample];
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] = add.Activation.Clamp(sum[i] + secondReal[sample][i]);
            }

            return sum;
        });
        var grid = ActivationGrid.Choose(ValueHistogram.Of(sums), _settings.Activations, _settings.ActivationBits);
        var sum = ElementwiseAssembly.Add(
            add, first.Grid.Quantization, second.Grid.Quantization, grid, _settings.MultiplierBits, Place(node), _diagnostics);
        return Finish(node, sum, grid, reference);
    }

    /// <summary>Computes the output of an operator without weights.</summary>
    private Operator? Finish(FloatNode node, Operator? @operator, ActivationGrid grid, float[][] reference)
    {
        if (@operator == null)
        {
            return null;
        }

        var output = new Tensor("", _graph.Tensors[node.Output].Shape, grid.Quantization, node.Output);
        var inputs = node.Inputs.Select(id => _values[id].Compressed).ToArray();
        ImmutableArray<Tensor> tensors = [.. node.Inputs.Select(id => _tensors[id])];
        Set(
            node.Output,
            reference,
            ForEachSample(sample => SingleNode.Run(@operator, tensors, output, [.. inputs.Select(input => input[sample])])),
            grid);
        return @operator;
    }

    private T[] ForEachSample<T>(Func<int, T> compute)
    {
        var results = new T[_samples.Length];
        Parallel.For(0, results.Length, sample => results[sample] = compute(sample));
        return results;
    }
}
