        // The output may be one of the inputs.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(ReadOnlySpan<sbyte> first, ReadOnlySpan<sbyte> second, Span<sbyte> output)
        {
            for (var i = 0; i < Count; i++)
            {
                var a = FixedPointArithmetic.RequantizeDouble((first[i] - FirstZeroPoint) << LeftShift, FirstMultiplier, FirstShift);
                var b = FixedPointArithmetic.RequantizeDouble((second[i] - SecondZeroPoint) << LeftShift, SecondMultiplier, SecondShift);
                var sum = FixedPointArithmetic.RequantizeDouble(a + b, OutputMultiplier, OutputShift);
                output[i] = (sbyte)Math.Clamp(sum + OutputZeroPoint, Lowest, Highest);
            }
        }
