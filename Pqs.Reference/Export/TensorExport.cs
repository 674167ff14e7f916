using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Export;

/// <summary>
/// The tensors of a graph as int8 values of an ONNX graph. Inputs and outputs of the graph have the graph's own order; between them, images are N×C×H×W where
/// ONNX's operators want that.
/// </summary>
internal sealed class TensorExport
{
    private static readonly int[] ToChannelsFirst = [0, 3, 1, 2];
    private static readonly int[] ToChannelsLast = [0, 2, 3, 1];

    private readonly Graph _graph;
    private readonly ImmutableArray<string> _names;
    private readonly ImmutableArray<bool> _isChannelsFirst;
    private readonly Dictionary<int, string> _dequantized = [];
    private readonly Dictionary<int, string> _turned = [];
    private readonly Dictionary<int, Quantization> _written = [];
    private readonly Dictionary<(int Tensor, Quantization Quantization), (string Scale, string ZeroPoint)> _constants = [];

    public TensorExport(Graph graph)
    {
        _graph = graph;
        _names = [.. graph.Tensors.Select(tensor => Builder.Reserve(tensor.Name))];
        _isChannelsFirst = ChannelsFirst(graph);
    }

    public OnnxGraphBuilder Builder { get; } = new();

    public Tensor this[int tensor] => _graph.Tensors[tensor];

    /// <summary>The name of the tensor's int8 value.</summary>
    public string NameOf(int tensor) => _names[tensor];

    /// <summary>True for an image that is stored N×C×H×W.</summary>
    public bool IsChannelsFirst(int tensor) => _isChannelsFirst[tensor];

    public void AddInputs() => Builder.Graph.Input.AddRange(_graph.Inputs.Select(Info));

    public void AddOutputs()
    {
        Builder.Graph.Output.AddRange(_graph.Outputs.Select(Info));
        Builder.Graph.ValueInfo.AddRange(_graph.Nodes.Select(node => node.Output).Except(_graph.Outputs).Select(Info));
    }

    /// <summary>The real numbers of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="channelsFirst">Whether they are needed N×C×H×W, or in the graph's order.</param>
    public string Dequantize(int tensor, bool channelsFirst)
    {
        if (!_dequantized.TryGetValue(tensor, out var value))
        {
            var (scale, zeroPoint) = Constants(tensor, this[tensor].Quantization);
            value = Builder.Node("DequantizeLinear", [NameOf(tensor), scale, zeroPoint], $"{NameOf(tensor)}_dequantized");
            _dequantized.Add(tensor, value);
        }

        if (channelsFirst == IsChannelsFirst(tensor))
        {
            return value;
        }

        if (!_turned.TryGetValue(tensor, out var turned))
        {
            _turned.Add(tensor, turned = Turn(value, channelsFirst, $"{NameOf(tensor)}_transposed"));
        }

        return turned;
    }

    /// <summary>The real numbers of a tensor in the graph's order and in other dimensions.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dimensions">Its new dimensions.</param>
    /// <param name="always">Whether to reshape even to the dimensions that it has.</param>
    public string DequantizeAs(int tensor, ImmutableArray<int> dimensions, bool always)
    {
        // An image with one channel, or of one pixel, has one order.
        var shape = this[tensor].Shape;
        var isOneOrder = IsChannelsFirst(tensor) && (shape[3] == 1 || shape[1] * shape[2] == 1);
        var value = Dequantize(tensor, isOneOrder);
        return !always && !isOneOrder && shape.Dimensions.SequenceEqual(dimensions) ? value : Reshape(value, dimensions, NameOf(tensor));
    }

    public string Reshape(string value, ImmutableArray<int> dimensions, string name) =>
        Builder.Node("Reshape", [value, Builder.Int64s($"{name}_shape", dimensions)], $"{name}_reshaped");

    /// <summary>Writes real numbers into a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="value">The real numbers.</param>
    /// <param name="channelsFirst">Whether they are N×C×H×W, or in the graph's order.</param>
    /// <param name="quantization">By what they become integers: the tensor's quantization, or that of an input whose integers are moved.</param>
    public void Quantize(int tensor, string value, bool channelsFirst, Quantization quantization)
    {
        _written.Add(tensor, quantization);
        var ordered = channelsFirst == IsChannelsFirst(tensor) ? value : Turn(value, !channelsFirst, $"{NameOf(tensor)}_ordered");
        var (scale, zeroPoint) = Constants(tensor, quantization);
        Builder.NodeInto(NameOf(tensor), "QuantizeLinear", [ordered, scale, zeroPoint]);
    }

    /// <summary>Names that could not be kept, quantizations that no node has, and declared ranges.</summary>
    public IEnumerable<KeyValuePair<string, string>> Metadata()
    {
        foreach (var id in _graph.Inputs.Concat(_graph.Nodes.Select(node => node.Output)))
        {
            var tensor = this[id];
            var isSaid = _dequantized.ContainsKey(id) || (_written.TryGetValue(id, out var written) && written == tensor.Quantization);
            var said = new TensorMetadata(
                NameOf(id) == tensor.Name ? null : tensor.Name,
                isSaid ? null : tensor.Quantization.Scale,
                isSaid || _written.ContainsKey(id) ? null : tensor.Quantization.ZeroPoint,
                tensor.DeclaredRange == TensorRange.Full ? null : tensor.DeclaredRange);
            if (!said.IsEmpty)
            {
                yield return KeyValuePair.Create(PqsMetadata.TensorPrefix + NameOf(id), said.Write());
            }
        }
    }

    /// <summary>
    /// Operators with windows give images; what only follows an image keeps its order. Outputs of the graph are in the graph's order, as the caller wants them;
    /// so are images of one pixel and one channel, of which the dimensions would not tell an import which order they have.
    /// </summary>
    private static ImmutableArray<bool> ChannelsFirst(Graph graph)
    {
        var isChannelsFirst = new bool[graph.Tensors.Length];
        foreach (var node in graph.Nodes.Where(node => !graph.Outputs.Contains(node.Output)))
        {
            var shape = graph.Tensors[node.Output].Shape;
            isChannelsFirst[node.Output] = shape.Rank == 4 && shape.ElementCount > shape[0] && node.Operator switch
            {
                Conv2D or DepthwiseConv2D or Pool2D => true,
                Add or Pad or Softmax => node.Inputs.Any(input => isChannelsFirst[input]),
                _ => false,
            };
        }

        return [.. isChannelsFirst];
    }

    private (string Scale, string ZeroPoint) Constants(int tensor, Quantization quantization)
    {
        if (!_constants.TryGetValue((tensor, quantization), out var constants))
        {
            constants = (Builder.Float($"{NameOf(tensor)}_scale", quantization.Scale), Builder.Int8($"{NameOf(tensor)}_zero_point", quantization.ZeroPoint));
            _constants.Add((tensor, quantization), constants);
        }

        return constants;
    }

    private string Turn(string value, bool toChannelsFirst, string name) =>
        Builder.Node("Transpose", [value], name, OnnxGraphBuilder.Integers("perm", toChannelsFirst ? ToChannelsFirst : ToChannelsLast));

    private ValueInfoProto Info(int tensor)
    {
        var dimensions = this[tensor].Shape.Dimensions;
        return OnnxGraphBuilder.Int8Value(NameOf(tensor), IsChannelsFirst(tensor) ? [.. ToChannelsFirst.Select(axis => dimensions[axis])] : dimensions);
    }
}
