using System.Collections.Immutable;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Compress.Simulation;

/// <summary>Networks of one node, so that the interpreters can be run layer by layer over all samples.</summary>
internal static class SingleNode
{
    /// <summary>A float node's output for one sample.</summary>
    public static float[] Run(FloatOperator @operator, ImmutableArray<Shape> inputs, Shape output, params ReadOnlySpan<float[]> values)
    {
        var tensors = inputs.Add(output).Select(shape => new FloatTensor("", shape)).ToImmutableArray();
        var ids = Enumerable.Range(0, inputs.Length).ToImmutableArray();
        var graph = new FloatGraph("", "", tensors, [new FloatNode("", @operator, ids, inputs.Length)], ids, [inputs.Length]);
        return FloatInterpreter.Run(graph, Concatenate(values))[^1];
    }

    /// <summary>A quantized node's output for one sample.</summary>
    public static sbyte[] Run(Operator @operator, ImmutableArray<Tensor> inputs, Tensor output, params ReadOnlySpan<sbyte[]> values)
    {
        var ids = Enumerable.Range(0, inputs.Length).ToImmutableArray();
        var graph = new Graph("", "", inputs.Add(output), [new Node("", @operator, ids, inputs.Length)], ids, [inputs.Length]);
        return Interpreter.Run(graph, Concatenate(values))[^1];
    }

    private static T[] Concatenate<T>(ReadOnlySpan<T[]> values)
    {
        if (values.Length == 1)
        {
            return values[0];
        }

        var all = new List<T>();
        foreach (var part in values)
        {
            all.AddRange(part);
        }

        return [.. all];
    }
}
