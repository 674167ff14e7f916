using System.Runtime.InteropServices;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Outputs that kernels saturate, against the outputs of saturated sums: accumulators of every width, biases and factors at their ends.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SaturationTests
{
    private const int Layers = 4000;

    private const int Pixels = 11;

    private const int MaximumChannels = 9;

    /// <summary>A record is: channels, span, zero point, lowest, highest, rounding; by channel: least sum, multiplier, shift; sums by pixel and channel.</summary>
    private const string Program = """
        #include "pqs_saturate.h"
        #include <stdio.h>
        #include <stdlib.h>

        #define PIXELS 11

        static int32_t *take(size_t count)
        {
            int32_t *values = malloc(count * sizeof *values);
            if (fread(values, sizeof *values, count, stdin) != count) {
                const int is_end = feof(stdin) != 0;
                free(values);
                exit(is_end ? 0 : 3);
            }
            return values;
        }

        int main(void)
        {
            for (;;) {
                int32_t *head = take(6);
                const size_t channels = (size_t)head[0];
                int32_t *least_sums = take(channels);
                int32_t *multipliers = take(channels);
                int32_t *wide_shifts = take(channels);
                int32_t *sums = take(PIXELS * channels);
                int8_t *shifts = malloc(channels);
                int8_t *outputs = malloc(PIXELS * channels);
                const int rounding = head[5] ? PQS_ROUNDING_SINGLE : PQS_ROUNDING_DOUBLE;
                for (size_t i = 0; i < channels; i++) {
                    shifts[i] = (int8_t)wide_shifts[i];
                }
                for (size_t i = 0; i < PIXELS * channels; i++) {
                    const size_t channel = i % channels;
                    const int32_t value = pqs_requantize(sums[i], multipliers[channel], shifts[channel], head[2], rounding);
                    outputs[i] = (int8_t)pqs_clamp(value, head[3], head[4]);
                }
                const pqs_saturation saturation = {
                    least_sums, head[1], multipliers, shifts, (int32_t)channels, head[2], head[3], head[4]};
                pqs_saturate_layer(&saturation, PIXELS, outputs, rounding);
                fwrite(outputs, 1, PIXELS * channels, stdout);
                free(head);
                free(least_sums);
                free(multipliers);
                free(wide_shifts);
                free(sums);
                free(shifts);
                free(outputs);
            }
        }

        """;

    [Test]
    public void Outputs_are_those_of_saturated_sums(
        [Values("gcc", "clang-16")] string compiler, [ValueSource(typeof(KernelTier), nameof(KernelTier.All))] KernelTier tier)
    {
        Tools.Require(compiler);
        using var folder = new TemporaryFolder();
        folder.Write("saturate.c", Program);
        string[] kernels = [.. ((string[])["pqs_saturate.c", "pqs_requantize.c"]).Select(name => Path.Combine(HostKernels.SourceFolder, name))];
        ToolCall.Succeed(
            folder.Path, compiler, [.. HostKernels.Flags, .. tier.Flags, "-I" + HostKernels.SourceFolder, "-o", "saturate", "saturate.c", .. kernels]);
        for (var round = 0u; round < (Property.IsLong ? 50 : 1); round++)
        {
            Layer[] layers = [.. Enumerable.Range(0, Layers).Select(index => Layer.Random(new Dice(new PCG(round, (ulong)index))))];
            File.WriteAllBytes(Path.Combine(folder.Path, "layers.bin"), MemoryMarshal.AsBytes<int>([.. layers.SelectMany(layer => layer.Fields())]));
            ToolCall.Succeed(folder.Path, "sh", "-c", "./saturate < layers.bin > outputs.bin");

            var actual = File.ReadAllBytes(Path.Combine(folder.Path, "outputs.bin")).Select(value => (sbyte)value).ToArray();
            var position = 0;
            foreach (var layer in layers)
            {
                var expected = layer.Expected();
                Assert.That(actual[position..(position + expected.Length)], Is.EqualTo(expected), () => layer.ToString());
                position += expected.Length;
            }

            Assert.That(actual, Has.Length.EqualTo(position));
            Assert.That(layers.Count(layer => layer.Shows()), Is.GreaterThan(Layers / 10), "outputs that saturation changes");
        }
    }

    /// <summary>Sums of a layer's channels, as the graph's verifier allows them (PQS0212).</summary>
    private sealed record Layer(int Bits, int ZeroPoint, OutputRange Range, Rounding Rounding, int[] Bias, Requantization[] Factors, int[] Sums)
    {
        public static Layer Random(Dice dice)
        {
            var bits = dice.Between(2, Accumulator.MaximumBits - 1);
            var channels = dice.Between(1, MaximumChannels);
            var low = dice.Pick(sbyte.MinValue, dice.SByte());
            Requantization[] factors = [.. Enumerable.Range(0, channels).Select(_ => new Requantization(
                dice.Pick(1 << 30, int.MaxValue, (1 << 30) + dice.Between(0, (1 << 30) - 1)), dice.Pick(dice.Between(-31, 30), -dice.Between(0, 12), Math.Clamp(6 - bits, -31, 30))))];
            int[] biases = [.. factors.Select(factor => Near(dice, factor.Shift, 0, bits))];
            return new Layer(
                bits,
                dice.SByte(),
                new OutputRange(low, dice.Pick(sbyte.MaxValue, (sbyte)dice.Between(low, sbyte.MaxValue))),
                dice.Pick(Rounding.Double, Rounding.Single),
                biases,
                factors,
                [.. Enumerable.Range(0, Pixels * channels).Select(index => Near(dice, factors[index % channels].Shift, biases[index % channels], bits))]);
        }

        public IEnumerable<int> Fields() =>
        [
            Bias.Length, (int)Span, ZeroPoint, Range.Minimum, Range.Maximum, Rounding == Rounding.Single ? 1 : 0,
            .. Bias.Select(bias => (int)Math.Clamp(bias - Limit, int.MinValue, int.MaxValue - Span)),
            .. Factors.Select(factor => factor.Multiplier),
            .. Factors.Select(factor => factor.Shift),
            .. Sums,
        ];

        public sbyte[] Expected() =>
            [.. Sums.Select((sum, index) => Output(index, Math.Clamp(sum, Bias[index % Bias.Length] - Limit, Bias[index % Bias.Length] - Limit + Span)))];

        public bool Shows() => !Sums.Select((sum, index) => Output(index, sum)).SequenceEqual(Expected());

        private long Limit => 1L << (Bits - 1);

        private long Span => (2 * Limit) - 1;

        private static long Reach(int shift) => Math.Min((int.MaxValue - 511L) >> Math.Max(shift + 1, 0), shift < -20 ? (1 << 30) - 1 : int.MaxValue);

        /// <summary>A sum in reach, anywhere, at an end, or around a limit of the accumulator; its products alone leave room for the bias in 32 bits.</summary>
        private static int Near(Dice dice, int shift, int bias, int bits)
        {
            var reach = Reach(shift);
            var limit = 1L << (bits - 1);
            var sum = dice.Pick(reach, -reach, 0, bias + limit, bias - limit, bias + (limit / 2), bias + dice.Between(-40, 40), bias + (3 * limit / 2)) + dice.Between(-3, 3);
            var products = int.MaxValue - Math.Abs((long)bias);
            return (int)Math.Clamp(Math.Clamp(sum, bias - products, bias + products), -reach, reach);
        }

        private sbyte Output(int index, long sum) => (sbyte)Range.Clamp(FixedPoint.Requantize((int)sum, Factors[index % Bias.Length], Rounding) + ZeroPoint);
    }
}
