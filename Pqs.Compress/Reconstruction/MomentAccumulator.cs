using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pqs.Compress.LinearAlgebra;

namespace Pqs.Compress.Reconstruction;

/// <summary>
/// Sums of products of the columns of two matrices that come in batches of rows: Σ a_i · b_j over all rows, in double precision. Rows are added in their order,
/// whatever the number of threads, which share the result and not the rows.
/// </summary>
internal sealed class MomentAccumulator
{
    /// <summary>Rows that are held at a time: with a few hundred columns they fit a core's cache.</summary>
    private const int BatchRows = 128;

    private const int TileRows = 4;

    private const int TileColumns = 8;

    /// <summary>With fewer columns a batch is less work than its distribution.</summary>
    private const int ParallelColumns = 64;

    private readonly int _columns;
    private readonly int _stride;
    private readonly bool _isSymmetric;
    private readonly double[] _sums;
    private readonly double[] _first;
    private readonly double[] _second;

    /// <param name="columns">Of both matrices.</param>
    /// <param name="isSymmetric">True where both are the same matrix: then only one half is computed.</param>
    public MomentAccumulator(int columns, bool isSymmetric)
    {
        _columns = columns;
        _stride = (columns + TileColumns - 1) / TileColumns * TileColumns;
        _isSymmetric = isSymmetric;
        _sums = new double[checked(_stride * _stride)];
        _first = new double[BatchRows * _stride];
        _second = isSymmetric ? _first : new double[BatchRows * _stride];
    }

    /// <summary>Adds rows of both matrices; equal lengths, whole rows.</summary>
    public void Add(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        for (var start = 0; start < first.Length; start += BatchRows * _columns)
        {
            var length = Math.Min(BatchRows * _columns, first.Length - start);
            Load(first.Slice(start, length), _first);
            if (!_isSymmetric)
            {
                Load(second.Slice(start, length), _second);
            }

            var rows = length / _columns;
            if (_columns < ParallelColumns)
            {
                for (var i = 0; i < _stride; i += TileRows)
                {
                    AddBand(i, rows);
                }
            }
            else
            {
                Parallel.For(0, _stride / TileRows, band => AddBand(band * TileRows, rows));
            }
        }
    }

    /// <summary>The sums, all of them.</summary>
    public Matrix ToMatrix()
    {
        var matrix = new Matrix(_columns, _columns);
        for (var i = 0; i < _columns; i++)
        {
            for (var j = 0; j < _columns; j++)
            {
                // The tiles on the diagonal hold both halves, the others only the upper one.
                matrix[i, j] = _isSymmetric && j < i ? _sums[(j * _stride) + i] : _sums[(i * _stride) + j];
            }
        }

        return matrix;
    }

    private void Load(ReadOnlySpan<float> rows, double[] target)
    {
        for (var row = 0; row < rows.Length / _columns; row++)
        {
            var source = rows.Slice(row * _columns, _columns);
            var line = target.AsSpan(row * _stride, _columns);
            for (var i = 0; i < source.Length; i++)
            {
                line[i] = source[i];
            }
        }
    }

    private void AddBand(int i, int rows)
    {
        for (var j = _isSymmetric ? i / TileColumns * TileColumns : 0; j < _stride; j += TileColumns)
        {
            AddTile(i, j, rows);
        }
    }

    private void AddTile(int i, int j, int rows)
    {
        ref var sum = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref var first = ref MemoryMarshal.GetArrayDataReference(_first);
        ref var second = ref MemoryMarshal.GetArrayDataReference(_second);
        var stride = (nuint)_stride;
        var at = ((nuint)i * stride) + (nuint)j;
        var sum00 = Vector256.LoadUnsafe(ref sum, at);
        var sum01 = Vector256.LoadUnsafe(ref sum, at + 4);
        var sum10 = Vector256.LoadUnsafe(ref sum, at + stride);
        var sum11 = Vector256.LoadUnsafe(ref sum, at + stride + 4);
        var sum20 = Vector256.LoadUnsafe(ref sum, at + (2 * stride));
        var sum21 = Vector256.LoadUnsafe(ref sum, at + (2 * stride) + 4);
        var sum30 = Vector256.LoadUnsafe(ref sum, at + (3 * stride));
        var sum31 = Vector256.LoadUnsafe(ref sum, at + (3 * stride) + 4);
        for (nuint row = 0; row < (nuint)rows; row++)
        {
            var left = (row * stride) + (nuint)i;
            var right = (row * stride) + (nuint)j;
            var b0 = Vector256.LoadUnsafe(ref second, right);
            var b1 = Vector256.LoadUnsafe(ref second, right + 4);
            var values = Vector256.LoadUnsafe(ref first, left);
            var a = Vector256.Create(values[0]);
            sum00 = Vector256.FusedMultiplyAdd(a, b0, sum00);
            sum01 = Vector256.FusedMultiplyAdd(a, b1, sum01);
            a = Vector256.Create(values[1]);
            sum10 = Vector256.FusedMultiplyAdd(a, b0, sum10);
            sum11 = Vector256.FusedMultiplyAdd(a, b1, sum11);
            a = Vector256.Create(values[2]);
            sum20 = Vector256.FusedMultiplyAdd(a, b0, sum20);
            sum21 = Vector256.FusedMultiplyAdd(a, b1, sum21);
            a = Vector256.Create(values[3]);
            sum30 = Vector256.FusedMultiplyAdd(a, b0, sum30);
            sum31 = Vector256.FusedMultiplyAdd(a, b1, sum31);
        }

        sum00.StoreUnsafe(ref sum, at);
        sum01.StoreUnsafe(ref sum, at + 4);
        sum10.StoreUnsafe(ref sum, at + stride);
        sum11.StoreUnsafe(ref sum, at + stride + 4);
        sum20.StoreUnsafe(ref sum, at + (2 * stride));
        sum21.StoreUnsafe(ref sum, at + (2 * stride) + 4);
        sum30.StoreUnsafe(ref sum, at + (3 * stride));
        sum31.StoreUnsafe(ref sum, at + (3 * stride) + 4);
    }
}
