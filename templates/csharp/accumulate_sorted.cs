        private readonly int[] products = new int[Depth];

        // Each run of Tile products is reduced by itself; the results are added in natural order.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Accumulate()
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                short accumulator = 0;
                var end = tables.Starts[channel + 1];
                for (var start = tables.Starts[channel]; start < end; start += Tile)
                {
                    var count = Math.Min(Tile, end - start);
                    for (var i = 0; i < count; i++)
                    {
                        products[i] = Product(start + i);
                    }

                    accumulator = Saturate(accumulator + SortedAccumulation.Reduce(products.AsSpan(0, count), Rounds, Minimum, Maximum));
                }

                sums[channel] = accumulator;
            }
        }

        private int Product(int term) => tables.TermWeights[term] * column[tables.TermPositions[term]];

        private static short Saturate(int sum) => (short)Math.Clamp(sum, Minimum, Maximum);
