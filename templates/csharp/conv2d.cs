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

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Gather(ReadOnlySpan<sbyte> input, int batch, int top, int left)
        {
            var target = column.AsSpan();
            for (var i = 0; i < KernelHeight; i++)
            {
                var y = top + i * DilationHeight;
                for (var j = 0; j < KernelWidth; j++)
                {
                    var x = left + j * DilationWidth;
                    var taps = target.Slice(0, InputChannels);
                    if (y >= 0 && y < InputHeight && x >= 0 && x < InputWidth)
                    {
                        var source = input.Slice(((batch * InputHeight + y) * InputWidth + x) * InputChannels, InputChannels);
                        FixedPointArithmetic.SubtractZeroPoint(source, InputZeroPoint, taps);
                    }
                    else
                    {
                        taps.Clear();
                    }

                    target = target.Slice(InputChannels);
                }
            }
        }

        // Product k of each channel of a block has the same input.
        private Vector256<short> Inputs(int block, int k) => Vector256.Create(column[k]);

        private bool IsZero(int k) => column[k] == 0;
