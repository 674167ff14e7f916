using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Compress.Reconstruction;

/// <summary>What a layer sees of the calibration data: rows of inputs at some of its output positions, spread evenly over every sample.</summary>
internal sealed class LayerData
{
    /// <summary>Rows for each column that are enough for second moments; a few hundred samples of an image network have far more.</summary>
    private const int RowsPerColumn = 32;

    private const int LeastRows = 16_384;

    /// <summary>Samples that are gathered at a time.</summary>
    private const int BatchSamples = 64;

    private readonly FloatDotProductOperator _dot;
    private readonly Shape _input;
    private readonly int _samples;
    private readonly int _positions;
    private readonly int _rowsPerSample;

    /// <param name="dot">The layer's operator.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="samples">Their number.</param>
    public LayerData(FloatDotProductOperator dot, Shape input, int samples)
    {
        (_dot, _input, _samples) = (dot, input, samples);
        _positions = InputColumns.RowCount(dot, input);
        var wanted = Math.Max(LeastRows, RowsPerColumn * dot.ProductCount);
        _rowsPerSample = Math.Clamp((wanted + samples - 1) / samples, 1, _positions);
    }

    /// <summary>Rows in all.</summary>
    public int RowCount => _samples * _rowsPerSample;

    /// <summary>The problem of the channels that see one matrix of inputs.</summary>
    /// <param name="matrix">The input channel of a depthwise convolution, else 0.</param>
    /// <param name="compressed">By sample: the input that the compressed network gives.</param>
    /// <param name="reference">By sample: the original input; null where it is the same.</param>
    /// <param name="isCentred">True where the bias may change.</param>
    public LayerProblem Problem(int matrix, float[][] compressed, float[][]? reference, bool isCentred)
    {
        var columns = _dot.ProductCount;
        var second = new MomentAccumulator(columns, isSymmetric: true);
        var cross = reference == null ? null : new MomentAccumulator(columns, isSymmetric: false);
        var (compressedSum, referenceSum) = (new double[columns], new double[columns]);
        for (var start = 0; start < _samples; start += BatchSamples)
        {
            var count = Math.Min(BatchSamples, _samples - start);
            var rows = Rows(matrix, start, count, compressed);
            second.Add(rows, rows);
            AddTo(compressedSum, rows);
            if (reference != null && cross != null)
            {
                var original = Rows(matrix, start, count, reference);
                cross.Add(rows, original);
                AddTo(referenceSum, original);
            }
        }

        var moments = second.ToMatrix();
        return LayerProblem.Create(
            moments, cross?.ToMatrix() ?? moments, compressedSum, reference == null ? compressedSum : referenceSum, RowCount, isCentred);
    }

    /// <summary>Rows of some samples, sample after sample.</summary>
    public float[] Rows(int matrix, int firstSample, int samples, float[][] values)
    {
        var columns = _dot.ProductCount;
        var rows = new float[samples * _rowsPerSample * columns];
        Parallel.For(0, samples, index =>
        {
            var sample = firstSample + index;
            var input = values[sample];
            for (var i = 0; i < _rowsPerSample; i++)
            {
                var row = rows.AsSpan(((index * _rowsPerSample) + i) * columns, columns);
                InputColumns.Gather(_dot, _input, input, matrix, Position(sample, i), row);
            }
        });
        return rows;
    }

    /// <summary>Evenly spread positions, from a first one that differs from sample to sample (multiples of the golden ratio).</summary>
    private int Position(int sample, int i)
    {
        var first = (int)(((ulong)((uint)sample * 2654435769u) * (ulong)_positions) >> 32);
        return (int)((first + ((long)i * _positions / _rowsPerSample)) % _positions);
    }

    private static void AddTo(double[] sums, float[] rows)
    {
        for (var start = 0; start < rows.Length; start += sums.Length)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += rows[start + i];
            }
        }
    }
}
