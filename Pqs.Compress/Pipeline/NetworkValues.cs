using Pqs.Compress.Quantizing;
using Pqs.Reference.FloatModel;

namespace Pqs.Compress.Pipeline;

/// <summary>A tensor on the calibration data, by sample.</summary>
/// <param name="Reference">In the original network.</param>
/// <param name="Compressed">In the compressed one.</param>
/// <param name="Grid">What its integers stand for.</param>
internal sealed record TensorValues(float[][] Reference, sbyte[][] Compressed, ActivationGrid Grid)
{
    /// <summary>The real numbers that the compressed network's integers stand for.</summary>
    public float[][] CompressedAsReal()
    {
        var real = new float[Compressed.Length][];
        var (scale, zeroPoint) = Grid.Quantization;
        Parallel.For(0, real.Length, sample => real[sample] = Array.ConvertAll(Compressed[sample], value => (value - zeroPoint) * scale));
        return real;
    }
}

/// <summary>The values of all tensors that are still needed.</summary>
internal sealed class NetworkValues
{
    private readonly TensorValues?[] _values;
    private readonly int[] _lastReader;

    public NetworkValues(FloatGraph graph)
    {
        _values = new TensorValues?[graph.Tensors.Length];
        _lastReader = new int[graph.Tensors.Length];
        foreach (var (index, node) in graph.Nodes.Index())
        {
            foreach (var id in node.Inputs)
            {
                _lastReader[id] = index;
            }
        }
    }

    public TensorValues this[int id]
    {
        get => _values[id] ?? throw new InvalidOperationException("A tensor is read before it is computed.");
        set => _values[id] = value;
    }

    /// <summary>Lets go of what no node behind this one reads.</summary>
    public void ReleaseAfter(int node)
    {
        for (var id = 0; id < _values.Length; id++)
        {
            if (_lastReader[id] <= node)
            {
                _values[id] = null;
            }
        }
    }

    /// <summary>The most bytes that are needed at once for so many samples.</summary>
    public static long PeakBytes(FloatGraph graph, int samples)
    {
        // A real number and an integer for each element of a tensor that is alive, and as much again for the one at work.
        const int bytes = sizeof(float) + sizeof(sbyte);
        var born = new int[graph.Tensors.Length];
        var last = new int[graph.Tensors.Length];
        foreach (var (index, node) in graph.Nodes.Index())
        {
            born[node.Output] = index;
            foreach (var id in node.Inputs)
            {
                last[id] = index;
            }
        }

        var peak = 0L;
        foreach (var (index, node) in graph.Nodes.Index())
        {
            var alive = graph.Tensors.Index().Where(entry => born[entry.Index] <= index && last[entry.Index] >= index).Sum(entry => (long)entry.Item.Shape.ElementCount);
            var atWork = node.Inputs.Append(node.Output).Sum(id => (long)graph.Tensors[id].Shape.ElementCount);
            peak = Math.Max(peak, (alive + (2 * atWork)) * bytes * samples);
        }

        return peak;
    }
}
