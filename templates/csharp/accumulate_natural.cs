        // In natural order, weights of 0 left out.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Accumulate()
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                short accumulator = 0;
                for (var term = tables.Starts[channel]; term < tables.Starts[channel + 1]; term++)
                {
                    accumulator = Saturate(accumulator + Product(term));
                }

                sums[channel] = accumulator;
            }
        }

        private int Product(int term) => tables.TermWeights[term] * column[tables.TermPositions[term]];

        private static short Saturate(int sum) => (short)Math.Clamp(sum, Minimum, Maximum);
