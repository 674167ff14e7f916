/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_fully_connected.h"

/*
 * Two channels share a half-word h = a + 256 * b, a and b being their weights. It is multiplied as a whole, and its low
 * byte apart: the sum of b * x is the difference of both sums by 256.
 */

/** Words of the weights of two groups of inputs, which share a byte of patterns. */
#define PQS_HALVES_WORDS 4

/**
 * Bytes of patterns before sums are parted: 512 products. A half-word is -128 - 127 * 256 .. 127 + 127 * 256, times
 * 128 times 512 less than 2^31.
 */
#define PQS_HALVES_BYTES 128

/** Sums of the products of two times two channels. */
typedef struct {
    int32_t low0; /* of the low bytes */
    int32_t both0;
    int32_t low2;
    int32_t both2;
} pqs_halves_sums;

/** Two inputs as halves. */
PQS_INLINE uint32_t pqs_pair(int32_t first, int32_t second)
{
    return ((uint32_t)second << 16) | ((uint32_t)first & 0xFFFFu);
}

/** The six pairs of four inputs. */
PQS_INLINE void pqs_pair_group(int32_t x0, int32_t x1, int32_t x2, int32_t x3, uint32_t pairs[PQS_PAIRS])
{
    pairs[0] = pqs_pair(x0, x1);
    pairs[1] = pqs_pair(x0, x2);
    pairs[2] = pqs_pair(x0, x3);
    pairs[3] = pqs_pair(x1, x2);
    pairs[4] = pqs_pair(x1, x3);
    pairs[5] = pqs_pair(x2, x3);
}

/**
 * Prepares a row of inputs: for each group its six pairs, as halves: 0 and 1, 0 and 2, 0 and 3, 1 and 2, 1 and 3, 2 and
 * 3. A group that makes their number even has weights of 0, but its pairs must be something.
 */
PQS_NOINLINE void pqs_pair_inputs(const int8_t *input, int32_t count, uint32_t *pairs)
{
    const int32_t groups = (count + 3) / 4;
    for (; count >= PQS_GROUP_INPUTS; count -= PQS_GROUP_INPUTS) {
        pqs_pair_group(input[0], input[1], input[2], input[3], pairs);
        input += PQS_GROUP_INPUTS;
        pairs += PQS_PAIRS;
    }
    if (count > 0) {
        pqs_pair_group(input[0], count > 1 ? input[1] : 0, count > 2 ? input[2] : 0, 0, pairs);
        pairs += PQS_PAIRS;
    }
    if (groups % 2 != 0) {
        memset(pairs, 0, PQS_PAIRS * sizeof *pairs);
    }
}

/** Adds the products of two channels' weights, a word, with a pair of inputs. */
PQS_INLINE void pqs_add_halves(uint32_t word, uint32_t pair, int32_t *low, int32_t *both)
{
#if defined(PQS_DSP)
    *both = pqs_multiply_add_halves(word, pair, *both);
    *low = pqs_multiply_add_halves(pqs_even_lanes(word), pair, *low);
#else
    const int32_t first = (int32_t)(int16_t)(uint16_t)(pair & 0xFFFFu);
    const int32_t second = (int32_t)pair >> 16;
    *both += (int32_t)(int16_t)(uint16_t)(word & 0xFFFFu) * first;
    *low += (int32_t)(int8_t)(uint8_t)(word & 0xFFu) * first;
    *both += ((int32_t)word >> 16) * second;
    *low += (int32_t)(int8_t)(uint8_t)(word >> 16 & 0xFFu) * second;
#endif
}

/** Adds the products of a byte of patterns: of two groups. */
PQS_INLINE void
pqs_add_halves_byte(const uint32_t *weights, uint32_t pattern, const uint32_t *pairs, pqs_halves_sums *sums)
{
    const uint32_t first = pairs[pattern & 15u];
    const uint32_t second = pairs[pattern >> 4];
    pqs_add_halves(weights[0], first, &sums->low0, &sums->both0);
    pqs_add_halves(weights[1], first, &sums->low2, &sums->both2);
    pqs_add_halves(weights[2], second, &sums->low0, &sums->both0);
    pqs_add_halves(weights[3], second, &sums->low2, &sums->both2);
}

/** Adds the products of a pair of inputs with two channels' weights in each of two words. */
#define PQS_HALVES_PRODUCTS                                                                                            \
    "    smlad  %[both0], %[low], %[pair], %[both0]\n"                                                                 \
    "    sxtb16 %[low], %[low]\n"                                                                                      \
    "    smlad  %[low0], %[low], %[pair], %[low0]\n"                                                                   \
    "    smlad  %[both2], %[high], %[pair], %[both2]\n"                                                                \
    "    sxtb16 %[high], %[high]\n"                                                                                    \
    "    smlad  %[low2], %[high], %[pair], %[low2]\n"

/** Adds the products of `bytes` bytes of patterns. */
PQS_INLINE void pqs_add_halves_bytes(
    const uint32_t *weights, const uint8_t *patterns, const uint32_t *pairs, int32_t bytes, pqs_halves_sums *sums)
{
#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP) && defined(PQS_THUMB2_LOOPS)
    /* In assembly, since compilers load weights one by one. */
    if (bytes >= 2) {
        const uint8_t *const end = patterns + (bytes - bytes % 2);
        uint32_t low;
        uint32_t high;
        uint32_t pattern;
        uint32_t pair;
        __asm__ volatile("1:  ldrh   %[pattern], [%[patterns]], #2\n"
                         "    and    %[pair], %[pattern], #15\n"
                         "    ldrd   %[low], %[high], [%[weights]], #8\n"
                         "    ldr    %[pair], [%[pairs], %[pair], lsl #2]\n"
                         PQS_HALVES_PRODUCTS
                         "    ubfx   %[pair], %[pattern], #4, #4\n"
                         "    ldrd   %[low], %[high], [%[weights]], #8\n"
                         "    ldr    %[pair], [%[pairs], %[pair], lsl #2]\n"
                         "    add    %[pairs], %[pairs], #48\n"
                         PQS_HALVES_PRODUCTS
                         "    ubfx   %[pair], %[pattern], #8, #4\n"
                         "    ldrd   %[low], %[high], [%[weights]], #8\n"
                         "    ldr    %[pair], [%[pairs], %[pair], lsl #2]\n"
                         PQS_HALVES_PRODUCTS
                         "    lsr    %[pair], %[pattern], #12\n"
                         "    ldrd   %[low], %[high], [%[weights]], #8\n"
                         "    ldr    %[pair], [%[pairs], %[pair], lsl #2]\n"
                         PQS_HALVES_PRODUCTS
                         "    add    %[pairs], %[pairs], #48\n"
                         "    cmp    %[patterns], %[end]\n"
                         "    bne    1b\n"
                         : [low0] "+r"(sums->low0),
                           [both0] "+r"(sums->both0),
                           [low2] "+r"(sums->low2),
                           [both2] "+r"(sums->both2),
                           [weights] "+r"(weights),
                           [patterns] "+r"(patterns),
                           [pairs] "+r"(pairs),
                           [low] "=&r"(low),
                           [high] "=&r"(high),
                           [pattern] "=&r"(pattern),
                           [pair] "=&r"(pair)
                         : [end] "r"(end)
                         : "cc", "memory");
        bytes %= 2;
    }
#endif
    for (; bytes > 0; bytes--) {
        pqs_add_halves_byte(weights, *patterns++, pairs, sums);
        weights += PQS_HALVES_WORDS;
        pairs += 2 * PQS_PAIRS;
    }
}

/** Adds the products of four channels over `bytes` bytes of patterns. */
PQS_NOINLINE void pqs_sum_halves(const uint32_t *weights,
                                 const uint8_t *patterns,
                                 const uint32_t *pairs,
                                 int32_t bytes,
                                 int32_t results[PQS_SHARING_CHANNELS])
{
    do {
        const int32_t count = pqs_min(bytes, PQS_HALVES_BYTES);
        pqs_halves_sums sums = {0, 0, 0, 0};
        pqs_add_halves_bytes(weights, patterns, pairs, count, &sums);
        results[0] += sums.low0;
        results[1] += (sums.both0 - sums.low0) >> 8;
        results[2] += sums.low2;
        results[3] += (sums.both2 - sums.low2) >> 8;
        weights += count * PQS_HALVES_WORDS;
        patterns += count;
        pairs += count * 2 * PQS_PAIRS;
        bytes -= count;
    } while (bytes > 0);
}

PQS_INLINE void pqs_fully_connected_packed(
    const pqs_packed_fully_connected_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    const int32_t bytes = (params->input_size + 7) / 8;
    uint32_t *pairs = (uint32_t *)scratch;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        const uint32_t *weights = (const uint32_t *)(const void *)params->weights;
        const uint8_t *patterns = params->patterns;
        pqs_pair_inputs(input, params->input_size, pairs);
        for (int32_t channel = 0; channel < params->output_size; channel += PQS_SHARING_CHANNELS) {
            const int32_t count = pqs_packed_channels(params, channel);
            int32_t sums[PQS_SHARING_CHANNELS];
            pqs_packed_biases(params, channel, count, sums);
            pqs_sum_halves(weights, patterns, pairs, bytes, sums);
            if (PQS_LIKELY(count == PQS_SHARING_CHANNELS)) {
                /* In place, so that compilers unroll it. */
                pqs_packed_outputs(params, channel, PQS_SHARING_CHANNELS, sums, output, rounding);
            } else {
                pqs_packed_outputs(params, channel, count, sums, output, rounding);
            }
            weights += PQS_HALVES_WORDS * bytes;
            patterns += bytes;
        }
        pqs_clamp_elements(output, params->output_size, params->activation_min, params->activation_max);
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_packed_double(const pqs_packed_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       void *scratch)
{
    pqs_fully_connected_packed(params, input, output, scratch, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_packed_single(const pqs_packed_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       void *scratch)
{
    pqs_fully_connected_packed(params, input, output, scratch, PQS_ROUNDING_SINGLE);
}
