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

    /// <summary>Pixels that are neighbours in a row: half a block, or a block of which each pixel has a word.</summary>
    private const int RunPixels = 8;

    /// <summary>Pixels of a block in pairs.</summary>
    public const int PairsPixels = 8;

    /// <summary>
    /// Of kernels that compute sixteen pixels at once, in two halves of neighbours where rows allow it. The last block goes back, so that it is full too.
    /// </summary>
    public static PackedBlocks OfLanes(LayerContext layer, Conv2D conv) => InRows(layer, conv, LanePixels);

    /// <summary>Of kernels that compute eight pixels at once, neighbours where rows allow it. The last block goes back, so that it is full too.</summary>
    public static PackedBlocks OfSingles(LayerContext layer, Conv2D conv) => InRows(layer, conv, RunPixels);

    private static PackedBlocks InRows(LayerContext layer, Conv2D conv, int blockPixels)
    {
        var pixels = DotProductWork.Pixels(layer, conv);
        var (height, width) = (layer.Output.Shape[1], layer.Output.Shape[2]);
        var (vertical, horizontal) = (conv.Window.Vertical, conv.Window.Horizontal);
        var blocks = new PackedBlocks((pixels + blockPixels - 1) / blockPixels, pixels >= blockPixels, 0, 0, 0, 0, 0);
        if (blocks.IsLastFull && IsFlat(conv))
        {
            return blocks with { Flat = (double)blocks.Count * blockPixels * conv.ProductCount };
        }

        var overlap = horizontal.Stride % horizontal.Dilation == 0 ? Math.Min(horizontal.Stride / horizontal.Dilation, horizontal.Kernel) : horizontal.Kernel;
        int[] runs = [.. Enumerable.Range(0, blockPixels / RunPixels).Select(run => run * RunPixels)];

        // Four pixels at a time, as many neighbours of each run.
        var together = 4 / runs.Length;
        for (var block = 0; block < blocks.Count; block++)
        {
            var first = Math.Max(0, Math.Min(block * blockPixels, pixels - blockPixels));
            var areNeighbours = blocks.IsLastFull && runs.All(run => width - ((first + run) % width) >= RunPixels);
            var columns = areNeighbours ? overlap : horizontal.Kernel;
            for (var pixel = first; pixel < first + Math.Min(RunPixels, pixels); pixel += together)
            {
                var isInside = runs.All(run => Enumerable.Range(pixel + run, together).All(IsInside));
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
