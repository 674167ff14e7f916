        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
        {
            for (var position = 0; position < Batches * OutputHeight * OutputWidth; position++)
            {
                var (batch, y, x) = (position / (OutputHeight * OutputWidth), position / OutputWidth % OutputHeight, position % OutputWidth);
                var (top, left) = (y * StrideHeight - PaddingTop, x * StrideWidth - PaddingLeft);
                var (rowStart, rowEnd) = (Math.Max(top, 0), Math.Min(top + KernelHeight, InputHeight));
                var (columnStart, columnEnd) = (Math.Max(left, 0), Math.Min(left + KernelWidth, InputWidth));
                var count = (rowEnd - rowStart) * (columnEnd - columnStart);
                for (var channel = 0; channel < Channels; channel++)
                {
                    var sum = 0;
                    for (var row = rowStart; row < rowEnd; row++)
                    {
                        for (var column = columnStart; column < columnEnd; column++)
                        {
                            sum += input[((batch * InputHeight + row) * InputWidth + column) * Channels + channel];
                        }
                    }

                    // Rounded half away from zero.
                    var mean = (sum + (sum > 0 ? count / 2 : -(count / 2))) / count;
                    output[position * Channels + channel] = (sbyte)Math.Clamp(mean, Lowest, Highest);
                }
            }
        }
