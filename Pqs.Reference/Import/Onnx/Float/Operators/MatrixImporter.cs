using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Products of an activation and a constant matrix.</summary>
internal static class MatrixImporter
{
    /// <summary>Y = alpha · A · B + beta · C.</summary>
    public static OnnxValue? Gemm(OnnxNodeReader node)
    {
        if (node.ReadInteger("transA", 0) is var transposed && transposed != 0)
        {
            return node.RefuseAttribute("transA", transposed, "only the constant can be transposed");
        }

        if (node.ReadActivation(0) is not { } value || ReadMatrix(node, isTransposed: node.ReadInteger("transB", 0) != 0) is not { } matrix)
        {
            return null;
        }

        if (value.Sizes.Length != 2)
        {
            return node.RefuseShapes($"{value.SizesText} is not a matrix");
        }

        double alpha = node.ReadFloat("alpha", 1);
        var scaled = matrix with { Weights = [.. matrix.Weights.Select(weight => (float)(alpha * weight))] };
        if (!node.HasInput(2))
        {
            return Product(node, value, scaled, [.. new float[matrix.Outputs]]);
        }

        if (node.ReadFloats(2, "the bias") is not { } bias)
        {
            return null;
        }

        // A bias of one number for each row of a single row is one number for all.
        var isRow = bias.Sizes.Length < 2 || (bias.Sizes.Length == 2 && bias.Sizes[0] == 1);
        if (!isRow || (bias.Floats.Length != 1 && bias.Floats.Length != matrix.Outputs))
        {
            return node.RefuseShapes($"a bias of [{string.Join('x', bias.Sizes)}] is not one number for each of {matrix.Outputs} outputs");
        }

        double beta = node.ReadFloat("beta", 1);
        return Product(node, value, scaled, [.. Enumerable.Range(0, matrix.Outputs).Select(output => (float)(beta * bias.Floats[output % bias.Floats.Length]))]);
    }

    /// <summary>Each row of the last dimension times a matrix.</summary>
    public static OnnxValue? MatMul(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value || ReadMatrix(node, isTransposed: false) is not { } matrix)
        {
            return null;
        }

        return value.Sizes.Length < 2
            ? node.RefuseShapes($"{value.SizesText} is not a matrix")
            : Product(node, value, matrix, [.. new float[matrix.Outputs]]);
    }

    private static OnnxValue? Product(OnnxNodeReader node, ActivationValue value, Matrix matrix, ImmutableArray<float> bias)
    {
        var layout = value.Layout;
        if (value.Sizes[^1] != matrix.Inputs)
        {
            return node.RefuseShapes($"{value.SizesText} times a matrix of {matrix.Inputs}x{matrix.Outputs}");
        }

        if (layout.Innermost(layout.Rank - 1) is not { } columns)
        {
            return node.RefuseMovement(value, "to rows");
        }

        // Column k of the graph's rows is column order[k] of the file's.
        var order = Factor.Offsets(columns, Factor.Distances(layout.Dimensions[^1]));
        var weights = new float[matrix.Weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = matrix.Weights[(i / matrix.Inputs * matrix.Inputs) + order[i % matrix.Inputs]];
        }

        var rows = layout.ElementCount / matrix.Inputs;
        var outputs = Factor.Of(matrix.Outputs);
        var result = new Layout([.. layout.Dimensions[..^1], outputs], [.. layout.Storage[..^columns.Length], .. outputs]);
        var dot = new FloatFullyConnected(matrix.Inputs) { Weights = [.. weights], Bias = bias, Activation = FloatRange.None };
        return node.Emit(dot, [node.Graph.InShape(value, new Shape(rows, matrix.Inputs))], new Shape(rows, matrix.Outputs), result);
    }

    /// <summary>Input 1, with one row for each output.</summary>
    private static Matrix? ReadMatrix(OnnxNodeReader node, bool isTransposed)
    {
        if (node.ReadFloats(1, "the matrix") is not { } constant)
        {
            return null;
        }

        if (constant.Sizes.Length != 2 || constant.Floats.Length == 0)
        {
            node.RefuseShapes($"the constant [{string.Join('x', constant.Sizes)}] is not a matrix");
            return null;
        }

        var (rows, columns) = (constant.Sizes[0], constant.Sizes[1]);
        if (isTransposed)
        {
            return new Matrix(columns, rows, constant.Floats);
        }

        var weights = new float[constant.Floats.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = constant.Floats[(i % rows * columns) + (i / rows)];
        }

        return new Matrix(rows, columns, [.. weights]);
    }

    /// <param name="Weights">Output, input.</param>
    private sealed record Matrix(int Inputs, int Outputs, ImmutableArray<float> Weights);
}
