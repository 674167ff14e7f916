        // The input is never below its zero point, so a product has its weight's sign: a channel's positive weights are stored before its negative ones.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Accumulate()
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var (positive, positiveEnd) = (tables.Starts[2 * channel], tables.Starts[2 * channel + 1]);
                var (negative, negativeEnd) = (positiveEnd, tables.Starts[2 * channel + 2]);
                short accumulator = 0;
                while (positive < positiveEnd && negative < negativeEnd)
                {
                    accumulator = Saturate(accumulator + (accumulator >= 0 ? Product(negative++) : Product(positive++)));
                }

                while (positive < positiveEnd)
                {
                    accumulator = Saturate(accumulator + Product(positive++));
                }

                while (negative < negativeEnd)
                {
                    accumulator = Saturate(accumulator + Product(negative++));
                }

                sums[channel] = accumulator;
            }
        }

        private int Product(int term) => tables.TermWeights[term] * column[tables.TermPositions[term]];

        private static short Saturate(int sum) => (short)Math.Clamp(sum, Minimum, Maximum);
