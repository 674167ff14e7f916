using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pqs.Codegen.Statistics;

/// <summary>
/// The fixed-point operations of docs/numerics.md for emitted programs, in shifts. It shares no code with the interpreter's, which divides: the two are
/// compared with each other.
/// </summary>
public static class FixedPointArithmetic
{
    /// <summary>The rounding rule <c>double</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RequantizeDouble(int value, int multiplier, int shift) => shift >= 0
        ? HighMultiply(value << shift, multiplier)
        : DivideByPowerOfTwo(HighMultiply(value, multiplier), -shift);

    /// <summary>The rounding rule <c>single</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RequantizeSingle(int value, int multiplier, int shift) =>
        (int)(((long)value * multiplier + (1L << (30 - shift))) >> (31 - shift));

    /// <summary>SRDHM, but for both operands -2^31: floor((a·b + 2^30) / 2^31).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HighMultiply(int a, int b) => (int)(((long)a * b + (1L << 30)) >> 31);

    /// <summary>RDP for an exponent of 1..62: half away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DivideByPowerOfTwo(int value, int exponent) =>
        (int)((value + (1L << (exponent - 1)) + (value >> 31)) >> exponent);

    /// <summary>x − zx for each element; the target is as long as the source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractZeroPoint(ReadOnlySpan<sbyte> source, int zeroPoint, Span<short> target)
    {
        target = target[..source.Length];
        var zero = Vector256.Create((short)zeroPoint);
        var i = 0;
        for (; i <= source.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var elements = Vector128.Create(source[i..]);
            (Vector256.Create(Vector128.WidenLower(elements), Vector128.WidenUpper(elements)) - zero).CopyTo(target[i..]);
        }

        for (; i < source.Length; i++)
        {
            target[i] = (short)(source[i] - zeroPoint);
        }
    }
}
