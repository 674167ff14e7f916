        // The exact sums of a block of channels, side by side.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Accumulate()
        {
            for (var block = 0; block < Blocks; block++)
            {
                var weights = tables.Block(block);
                var (lower, upper) = (Vector256<int>.Zero, Vector256<int>.Zero);
                for (var k = 0; k < Depth; k++)
                {
                    // 128 · 255 fits a short.
                    var products = weights[k] * Inputs(block, k);
                    lower += Vector256.WidenLower(products);
                    upper += Vector256.WidenUpper(products);
                }

                lower.CopyTo(sums, block * LayerTables.Lanes);
                upper.CopyTo(sums, block * LayerTables.Lanes + Vector256<int>.Count);
            }
        }
