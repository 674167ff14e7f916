        private readonly int[] positives = new int[Depth];

        private readonly int[] negatives = new int[Depth];

        // A negative product while the accumulator is not negative, else a positive one; then the rest.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Accumulate()
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                var (positive, positiveEnd, negative, negativeEnd) = (0, 0, 0, 0);
                for (var term = tables.Starts[channel]; term < tables.Starts[channel + 1]; term++)
                {
                    var product = Product(term);
                    if (product < 0)
                    {
                        negatives[negativeEnd++] = product;
                    }
                    else
                    {
                        positives[positiveEnd++] = product;
                    }
                }

                short accumulator = 0;
                while (positive < positiveEnd && negative < negativeEnd)
                {
                    accumulator = Saturate(accumulator + (accumulator >= 0 ? negatives[negative++] : positives[positive++]));
                }

                while (positive < positiveEnd)
                {
                    accumulator = Saturate(accumulator + positives[positive++]);
                }

                while (negative < negativeEnd)
                {
                    accumulator = Saturate(accumulator + negatives[negative++]);
                }

                sums[channel] = accumulator;
            }
        }

        private int Product(int term) => tables.TermWeights[term] * column[tables.TermPositions[term]];

        private static short Saturate(int sum) => (short)Math.Clamp(sum, Minimum, Maximum);
