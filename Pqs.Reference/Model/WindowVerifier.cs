using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Model;

/// <summary>What holds for every window: it can be slid over its input, and every position has at least one tap inside.</summary>
internal static class WindowVerifier
{
    /// <param name="window">The window.</param>
    /// <param name="input">An N×H×W×C shape.</param>
    /// <param name="isPool">Pooling divides by the number of valid taps, which undilated windows with less padding than taps have.</param>
    public static bool Verify(Window window, Shape input, bool isPool, string place, DiagnosticBag diagnostics) =>
        VerifyAxis(window.Vertical, "vertical", input[1], isPool, place, diagnostics)
        && VerifyAxis(window.Horizontal, "horizontal", input[2], isPool, place, diagnostics);

    private static bool VerifyAxis(WindowAxis axis, string direction, int inputSize, bool isPool, string place, DiagnosticBag diagnostics)
    {
        var isPossible = axis is { Kernel: >= 1, Stride: >= 1, Dilation: >= 1, PadBefore: >= 0, PadAfter: >= 0 }
            && axis.Kernel <= GraphVerifier.MaximumElements && axis.Extent <= GraphVerifier.MaximumElements
            && axis.PadBefore < axis.Extent && axis.PadAfter < axis.Extent
            && axis.OutputSize(inputSize) is >= 1 and <= GraphVerifier.MaximumElements
            && (!isPool || axis.Dilation == 1);
        if (!isPossible)
        {
            diagnostics.Report(
                DiagnosticDescriptors.WindowInvalid,
                place,
                $"{direction} kernel {axis.Kernel}, stride {axis.Stride}, dilation {axis.Dilation}, padding {axis.PadBefore}+{axis.PadAfter} over {inputSize}");
        }

        return isPossible;
    }
}
