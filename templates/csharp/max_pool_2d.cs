        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
        {
            for (var position = 0; position < Batches * OutputHeight * OutputWidth; position++)
            {
                var (batch, y, x) = (position / (OutputHeight * OutputWidth), position / OutputWidth % OutputHeight, position % OutputWidth);
                var (top, left) = (y * StrideHeight - PaddingTop, x * StrideWidth - PaddingLeft);
                var (rowStart, rowEnd) = (Math.Max(top, 0), Math.Min(top + KernelHeight, InputHeight));
                var (columnStart, columnEnd) = (Math.Max(left, 0), Math.Min(left + KernelWidth, InputWidth));
                for (var channel = 0; channel < Channels; channel++)
                {
                    var largest = sbyte.MinValue;
                    for (var row = rowStart; row < rowEnd; row++)
                    {
                        for (var column = columnStart; column < columnEnd; column++)
                        {
                            largest = Math.Max(largest, input[((batch * InputHeight + row) * InputWidth + column) * Channels + channel]);
                        }
                    }

                    output[position * Channels + channel] = (sbyte)Math.Clamp((int)largest, Lowest, Highest);
                }
            }
        }
