namespace Pqs.Reference.Model;

/// <summary>One axis of a sliding window: kernel extent, step, spacing of its taps, and padding in front and behind.</summary>
/// <param name="Kernel">Taps, at least 1.</param>
/// <param name="Stride">At least 1.</param>
/// <param name="Dilation">Distance of two taps, at least 1.</param>
/// <param name="PadBefore">Elements of padding before the input, 0..Extent-1.</param>
/// <param name="PadAfter">Elements of padding behind the input, 0..Extent-1.</param>
public readonly record struct WindowAxis(int Kernel, int Stride, int Dilation, int PadBefore, int PadAfter)
{
    /// <summary>Input elements from the first tap to the last.</summary>
    public long Extent => (((long)Kernel - 1) * Dilation) + 1;

    /// <summary>Whether the window reaches outside the input.</summary>
    public bool IsPadded => PadBefore > 0 || PadAfter > 0;

    /// <summary>Number of window positions over an input of this size; below 1 when the window does not fit.</summary>
    public long OutputSize(int inputSize)
    {
        var room = inputSize + (long)PadBefore + PadAfter - Extent;
        return room < 0 ? 0 : (room / Stride) + 1;
    }

    /// <summary>
    /// TensorFlow's SAME padding: ceil(input / stride) positions; what is missing is padded, the odd element behind.
    /// So a 3-tap window of stride 2 over an even size pads 0 before and 1 after.
    /// </summary>
    public static WindowAxis Same(int inputSize, int kernel, int stride, int dilation)
    {
        var axis = new WindowAxis(kernel, stride, dilation, 0, 0);
        var positions = ((long)inputSize + stride - 1) / stride;
        var missing = Math.Clamp(((positions - 1) * stride) + axis.Extent - inputSize, 0, int.MaxValue);
        return axis with { PadBefore = (int)(missing / 2), PadAfter = (int)(missing - (missing / 2)) };
    }

    /// <summary>TensorFlow's VALID padding: none.</summary>
    public static WindowAxis Valid(int kernel, int stride, int dilation) => new(kernel, stride, dilation, 0, 0);
}

/// <summary>A two-dimensional sliding window.</summary>
public readonly record struct Window(WindowAxis Vertical, WindowAxis Horizontal)
{
    /// <summary>Whether it reaches outside the input.</summary>
    public bool IsPadded => Vertical.IsPadded || Horizontal.IsPadded;
}
