        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
        {
            for (var batch = 0; batch < Batches; batch++)
            {
                for (var y = 0; y < OutputHeight; y++)
                {
                    for (var x = 0; x < OutputWidth; x++)
                    {
                        Gather(input, batch, y * StrideHeight - PaddingTop, x * StrideWidth - PaddingLeft);
                        Finish(output.Slice(((batch * OutputHeight + y) * OutputWidth + x) * Channels, Channels));
                    }
                }
            }
        }

        // A row of the column for each tap, with an input for each output channel.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Gather(ReadOnlySpan<sbyte> input, int batch, int top, int left)
        {
            for (var i = 0; i < KernelHeight; i++)
            {
                var y = top + i * DilationHeight;
                for (var j = 0; j < KernelWidth; j++)
                {
                    var x = left + j * DilationWidth;
                    var taps = column.AsSpan((i * KernelWidth + j) * RowSize, Channels);
                    if (y < 0 || y >= InputHeight || x < 0 || x >= InputWidth)
                    {
                        taps.Clear();
                        continue;
                    }

                    var source = input.Slice(((batch * InputHeight + y) * InputWidth + x) * InputChannels, InputChannels);
                    if (DepthMultiplier == 1)
                    {
                        FixedPointArithmetic.SubtractZeroPoint(source, InputZeroPoint, taps);
                        continue;
                    }

                    for (var channel = 0; channel < Channels; channel++)
                    {
                        taps[channel] = (short)(source[channel / DepthMultiplier] - InputZeroPoint);
                    }
                }
            }
        }

        private Vector256<short> Inputs(int block, int k) =>
            Vector256.Create<short>(column.AsSpan(k * RowSize + block * LayerTables.Lanes, LayerTables.Lanes));

        private static bool IsZero(int k) => false;
