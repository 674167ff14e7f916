using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>What the kernels of pruned convolutions repeat, block of pixels for block: pixels of the output, and inputs under their windows.</summary>
/// <param name="Count">Blocks.</param>
/// <param name="IsLastFull">Whether the last one is full too.</param>
/// <param name="Flat">Inputs that are laid out as they follow one another in the layer's input.</param>
/// <param name="Gathered">Inputs that are laid out from the layer's input window for window.</param>
/// <param name="Moved">Inputs that are copied from what is laid out already, for windows that overlap.</param>
/// <param name="Rows">Rows of taps that are gathered.</param>
/// <param name="Taps">Taps that are gathered one by one, since a window of theirs reaches into the padding.</param>
internal readonly record struct PackedBlocks(int Count, bool IsLastFull, double Flat, double Gathered, double Moved, double Rows, double Taps)
{
    /// <summary>Pixels of a block in lanes.</summary>
    public const int LanePixels = 16;

    /// <summary>Pixels of a block in pairs.</summary>
    public const int PairsPixels = 8;

    /// <summary>
    /// Of kernels that compute sixteen pixels at once, in two halves of neighbours where rows allow it. The last block goes back, so that it is full too.
    /// </summary>
    public static PackedBlocks OfLanes(LayerContext layer, Conv2D conv)
    {
        const int Half = LanePixels / 2;
        var pixels = DotProductWork.Pixels(layer, conv);
        var (height, width) = (layer.Output.Shape[1], layer.Output.Shape[2]);
        var (vertical, horizontal) = (conv.Window.Vertical, conv.Window.Horizontal);
        var blocks = new PackedBlocks((pixels + LanePixels - 1) / LanePixels, pixels >= LanePixels, 0, 0, 0, 0, 0);
        if (blocks.IsLastFull && IsFlat(conv))
        {
            return blocks with { Flat = (double)blocks.Count * LanePixels * conv.ProductCount };
        }

        var overlap = horizontal.Stride % horizontal.Dilation == 0 ? Math.Min(horizontal.Stride / horizontal.Dilation, horizontal.Kernel) : horizontal.Kernel;
        for (var block = 0; block < blocks.Count; block++)
        {
            var first = Math.Max(0, Math.Min(block * LanePixels, pixels - LanePixels));
            var areNeighbours = blocks.IsLastFull && width - (first % width) >= Half && width - ((first + Half) % width) >= Half;
            var columns = areNeighbours ? overlap : horizontal.Kernel;

            // Four pixels at a time: two neighbours of each half.
            for (var pixel = first; pixel < first + Math.Min(Half, pixels); pixel += 2)
            {
                var isInside = IsInside(pixel) && IsInside(pixel + 1) && IsInside(pixel + Half) && IsInside(pixel + Half + 1);
                blocks = blocks with
                {
                    Gathered = blocks.Gathered + (4 * vertical.Kernel * columns * conv.InputChannels),
                    Moved = blocks.Moved + (4 * vertical.Kernel * (horizontal.Kernel - columns) * conv.InputChannels),
                    Rows = blocks.Rows + (isInside ? vertical.Kernel : 0),
                    Taps = blocks.Taps + (isInside ? 0 : vertical.Kernel * columns),
                };
            }
        }

        return blocks;

        bool IsInside(int pixel) =>
            IsWindowInside(vertical, pixel / width % height, layer.Input.Shape[1]) && IsWindowInside(horizontal, pixel % width, layer.Input.Shape[2]);
    }

    /// <summary>Of kernels that compute eight pixels at once: in columns of blocks, downwards, where rows are whole blocks and windows overlap.</summary>
    public static PackedBlocks OfPairs(LayerContext layer, Conv2D conv)
    {
        var pixels = DotProductWork.Pixels(layer, conv);
        var (height, width) = (layer.Output.Shape[1], layer.Output.Shape[2]);
        var (vertical, horizontal) = (conv.Window.Vertical, conv.Window.Horizontal);
        var hasColumns = vertical.Kernel > vertical.Stride && vertical.Dilation == 1 && width % PairsPixels == 0;
        var blocks = new PackedBlocks((pixels + PairsPixels - 1) / PairsPixels, pixels % PairsPixels == 0, 0, 0, 0, 0, 0);
        for (var block = 0; block < blocks.Count; block++)
        {
            var rows = hasColumns && block % height > 0 ? vertical.Stride : vertical.Kernel;
            var shares = horizontal is { Stride: 1, Dilation: 1 } && (hasColumns || width - (block * PairsPixels % width) >= PairsPixels);

            // Of a tap that shares, one pixel's inputs are missing.
            var inputs = (double)rows * (shares ? PairsPixels + horizontal.Kernel - 1 : PairsPixels * horizontal.Kernel) * conv.InputChannels;
            blocks = blocks with
            {
                Gathered = blocks.Gathered + inputs,
                Moved = blocks.Moved + (PairsPixels * conv.ProductCount) - inputs,
                Taps = blocks.Taps + (rows * horizontal.Kernel),
            };
        }

        return blocks;
    }

    private static bool IsFlat(Conv2D conv) =>
        conv.Window is { Vertical: { Kernel: 1, Stride: 1 }, Horizontal: { Kernel: 1, Stride: 1 }, IsPadded: false };

    private static bool IsWindowInside(WindowAxis axis, int position, int size)
    {
        var start = (position * axis.Stride) - axis.PadBefore;
        return start >= 0 && start + axis.Extent <= size;
    }
}
