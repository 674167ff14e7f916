        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
        {
            output.Fill(ZeroPoint);
            for (var i = 0; i < Size0; i++)
            {
                for (var j = 0; j < Size1; j++)
                {
                    for (var k = 0; k < Size2; k++)
                    {
                        var target = (((i + Before0) * OutputSize1 + j + Before1) * OutputSize2 + k + Before2) * OutputSize3 + Before3;
                        input.Slice(((i * Size1 + j) * Size2 + k) * Size3, Size3).CopyTo(output.Slice(target));
                    }
                }
            }
        }
