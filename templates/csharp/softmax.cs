        private readonly SoftmaxTable table = new(InputMultiplier, InputLeftShift, MinimumDifference);

        // The output may be the input.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
        {
            for (var row = 0; row < Rows; row++)
            {
                table.Row(input.Slice(row * Depth, Depth), output.Slice(row * Depth, Depth));
            }
        }
