        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
        {
            for (var row = 0; row < Rows; row++)
            {
                FixedPointArithmetic.SubtractZeroPoint(input.Slice(row * Depth, Depth), InputZeroPoint, column);
                Finish(output.Slice(row * Channels, Channels));
            }
        }

        // Product k of each channel of a block has the same input.
        private Vector256<short> Inputs(int block, int k) => Vector256.Create(column[k]);

        private bool IsZero(int k) => column[k] == 0;
