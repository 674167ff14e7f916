        // Forms the products of one block of channels after another and counts what overflows. A product of 0 changes nothing.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Count()
        {
            var products = counter.Products;
            for (var block = 0; block < Blocks; block++)
            {
                var weights = tables.Block(block);
                var count = 0;
                for (var k = 0; k < Depth; k++)
                {
                    products[count] = weights[k] * Inputs(block, k);
                    count += IsZero(k) ? 0 : 1;
                }

                counter.Count(products.Slice(0, count), block, sums.AsSpan(block * LayerTables.Lanes, LayerTables.Lanes));
            }
        }
