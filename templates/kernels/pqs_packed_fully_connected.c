/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_fully_connected.h"

/*
 * Two channels share a half-word h = a + 256 * b, a and b being their weights. It is multiplied as a whole, and its low
 * byte apart: the sum of b * x is the difference of both sums by 256.
 */

/** Words of the weights of two groups of inputs, of four channels. */
#define PQS_HALVES_WORDS 4

/**
 * Two groups of inputs so many times before sums are parted: 512 products. A half-word is -128 - 127 * 256 ..
 * 127 + 127 * 256, times 128 times 512 less than 2^31.
 */
#define PQS_HALVES_SEGMENT 128

/** Sums of the products of two times two channels. */
typedef struct {
    int32_t low0; /* of the low bytes */
    int32_t both0;
    int32_t low2;
    int32_t both2;
} pqs_halves_sums;

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

/** Adds the products of two groups. Each two channels have a pattern, or all four one. */
PQS_INLINE void pqs_add_halves_groups(
    const uint32_t *weights, const uint8_t *patterns, const uint32_t *pairs, pqs_halves_sums *sums, int sharing)
{
    const uint32_t pattern0 = patterns[0];
    const uint32_t pattern2 = sharing == 2 ? patterns[1] : pattern0;
    pqs_add_halves(weights[0], pairs[pattern0 & 15u], &sums->low0, &sums->both0);
    pqs_add_halves(weights[1], pairs[pattern2 & 15u], &sums->low2, &sums->both2);
    pqs_add_halves(weights[2], pairs[pattern0 >> 4], &sums->low0, &sums->both0);
    pqs_add_halves(weights[3], pairs[pattern2 >> 4], &sums->low2, &sums->both2);
}

/* The loops take the patterns of several groups by one load, from an address of any alignment. */
#if defined(PQS_THUMB2_LOOPS) && defined(__ARM_FEATURE_UNALIGNED) && !defined(__ARM_BIG_ENDIAN) &&                     \
    !defined(PQS_EMULATE_DSP)
#define PQS_HALVES_ASSEMBLY 1
#endif

#if defined(PQS_HALVES_ASSEMBLY)

#if defined(PQS_DSP)

/** What else a loop needs: nothing. */
#define PQS_HALVES_REGISTERS

/** Readies a pair of inputs for products. */
#define PQS_HALVES_SPLIT ""

/** Adds the products of a pair of inputs with the weights of two channels, a word. */
#define PQS_HALVES_PRODUCTS(word, low, both)                                                                           \
    "    smlad  %[" both "], %[" word "], %[pair], %[" both "]\n"                                                      \
    "    sxtb16 %[" word "], %[" word "]\n"                                                                            \
    "    smlad  %[" low "], %[" word "], %[pair], %[" low "]\n"

#else

/** What else a loop needs: the first of a pair of inputs, and a weight. */
#define PQS_HALVES_REGISTERS , [first] "=&r"(first), [weight] "=&r"(weight)

/** Readies a pair of inputs for products. The second stays where the pair was. */
#define PQS_HALVES_SPLIT                                                                                               \
    "    sxth   %[first], %[pair]\n"                                                                                   \
    "    asr    %[pair], %[pair], #16\n"

/** Adds the products of a pair of inputs with the weights of two channels, a word. */
#define PQS_HALVES_PRODUCTS(word, low, both)                                                                           \
    "    sxth   %[weight], %[" word "]\n"                                                                              \
    "    mla    %[" both "], %[weight], %[first], %[" both "]\n"                                                       \
    "    sxtb   %[weight], %[" word "]\n"                                                                              \
    "    mla    %[" low "], %[weight], %[first], %[" low "]\n"                                                         \
    "    asr    %[weight], %[" word "], #16\n"                                                                         \
    "    mla    %[" both "], %[weight], %[pair], %[" both "]\n"                                                        \
    "    sbfx   %[weight], %[" word "], #16, #8\n"                                                                     \
    "    mla    %[" low "], %[weight], %[pair], %[" low "]\n"

#endif

/** Takes the pair of inputs whose number `extract` puts into `pair`. */
#define PQS_HALVES_PAIR(extract) extract "    ldr    %[pair], [%[pairs], %[pair], lsl #2]\n" PQS_HALVES_SPLIT

/** Takes the weights of four channels for a group. */
#define PQS_HALVES_WEIGHTS "    ldrd   %[low], %[high], [%[weights]], #8\n"

/** Adds the products of a pair of inputs with the weights of the first two channels. */
#define PQS_HALVES_LOW PQS_HALVES_PRODUCTS("low", "low0", "both0")

/** The same with the weights of the other two. */
#define PQS_HALVES_HIGH PQS_HALVES_PRODUCTS("high", "low2", "both2")

/** Goes on to the pairs of the next two groups. */
#define PQS_HALVES_NEXT "    add    %[pairs], %[pairs], #48\n"

/** Bits of `pattern` as the number of a pair. */
#define PQS_HALVES_BITS(first) "    ubfx   %[pair], %[pattern], #" first ", #4\n"

/** Adds the products of a group, for which four channels have one pattern. */
#define PQS_HALVES_GROUP_BY4(extract) PQS_HALVES_PAIR(extract) PQS_HALVES_WEIGHTS PQS_HALVES_LOW PQS_HALVES_HIGH

/** Adds the products of a group, for which each two channels have a pattern. */
#define PQS_HALVES_GROUP_BY2(extract0, extract2)                                                                       \
    PQS_HALVES_PAIR(extract0) PQS_HALVES_WEIGHTS PQS_HALVES_LOW PQS_HALVES_PAIR(extract2) PQS_HALVES_HIGH

/** Adds the products of the patterns up to `end`, by the code of a step. */
#define PQS_HALVES_LOOP(step)                                                                                          \
    __asm__ volatile("1:\n" step "    cmp    %[patterns], %[end]\n"                                                    \
                     "    bne    1b\n"                                                                                 \
                     : [low0] "+r"(sums->low0),                                                                        \
                       [both0] "+r"(sums->both0),                                                                      \
                       [low2] "+r"(sums->low2),                                                                        \
                       [both2] "+r"(sums->both2),                                                                      \
                       [weights] "+r"(weights),                                                                        \
                       [patterns] "+r"(patterns),                                                                      \
                       [pairs] "+r"(pairs),                                                                            \
                       [low] "=&r"(low),                                                                               \
                       [high] "=&r"(high),                                                                             \
                       [pattern] "=&r"(pattern),                                                                       \
                       [pair] "=&r"(pair) PQS_HALVES_REGISTERS                                                         \
                     : [end] "r"(end)                                                                                  \
                     : "cc", "memory")

#endif

/** Adds the products of `count` times two groups. */
PQS_INLINE void pqs_add_halves_row(const uint32_t *weights,
                                   const uint8_t *patterns,
                                   const uint32_t *pairs,
                                   int32_t count,
                                   pqs_halves_sums *sums,
                                   int sharing)
{
    const int32_t bytes = PQS_PACKED_CHANNELS / sharing;
#if defined(PQS_HALVES_ASSEMBLY)
    /* In assembly, since compilers load weights one by one, or keep sums in memory. */
    if (count >= 2) {
        const uint8_t *const end = patterns + (count - count % 2) * bytes;
        uint32_t low;
        uint32_t high;
        uint32_t pattern;
        uint32_t pair;
#if !defined(PQS_DSP)
        int32_t first;
        int32_t weight;
#endif
        if (sharing == 2) {
            PQS_HALVES_LOOP("    ldr    %[pattern], [%[patterns]], #4\n"
                PQS_HALVES_GROUP_BY2("    and    %[pair], %[pattern], #15\n", PQS_HALVES_BITS("8"))
                PQS_HALVES_GROUP_BY2(PQS_HALVES_BITS("4"), PQS_HALVES_BITS("12"))
                PQS_HALVES_NEXT
                PQS_HALVES_GROUP_BY2(PQS_HALVES_BITS("16"), PQS_HALVES_BITS("24"))
                PQS_HALVES_GROUP_BY2(PQS_HALVES_BITS("20"), "    lsr    %[pair], %[pattern], #28\n")
                PQS_HALVES_NEXT);
        } else {
            PQS_HALVES_LOOP("    ldrh   %[pattern], [%[patterns]], #2\n"
                PQS_HALVES_GROUP_BY4("    and    %[pair], %[pattern], #15\n")
                PQS_HALVES_GROUP_BY4(PQS_HALVES_BITS("4"))
                PQS_HALVES_NEXT
                PQS_HALVES_GROUP_BY4(PQS_HALVES_BITS("8"))
                PQS_HALVES_GROUP_BY4("    lsr    %[pair], %[pattern], #12\n")
                PQS_HALVES_NEXT);
        }
        count %= 2;
    }
#endif
    for (; count > 0; count--) {
        pqs_add_halves_groups(weights, patterns, pairs, sums, sharing);
        weights += PQS_HALVES_WORDS;
        patterns += bytes;
        pairs += 2 * PQS_PAIRS;
    }
}

/** Adds the products of four channels over `count` times two groups. */
PQS_INLINE void pqs_sum_halves(const uint32_t *weights,
                               const uint8_t *patterns,
                               const uint32_t *pairs,
                               int32_t count,
                               int32_t results[PQS_PACKED_CHANNELS],
                               int sharing)
{
    do {
        const int32_t part = pqs_min(count, PQS_HALVES_SEGMENT);
        pqs_halves_sums sums = {0, 0, 0, 0};
        pqs_add_halves_row(weights, patterns, pairs, part, &sums, sharing);
        results[0] += sums.low0;
        results[1] += (sums.both0 - sums.low0) >> 8;
        results[2] += sums.low2;
        results[3] += (sums.both2 - sums.low2) >> 8;
        weights += part * PQS_HALVES_WORDS;
        patterns += part * (PQS_PACKED_CHANNELS / sharing);
        pairs += part * 2 * PQS_PAIRS;
        count -= part;
    } while (count > 0);
}

PQS_NOINLINE void pqs_sum_halves_by4(const uint32_t *weights,
                                     const uint8_t *patterns,
                                     const uint32_t *pairs,
                                     int32_t count,
                                     int32_t results[PQS_PACKED_CHANNELS])
{
    pqs_sum_halves(weights, patterns, pairs, count, results, 4);
}

PQS_NOINLINE void pqs_sum_halves_by2(const uint32_t *weights,
                                     const uint8_t *patterns,
                                     const uint32_t *pairs,
                                     int32_t count,
                                     int32_t results[PQS_PACKED_CHANNELS])
{
    pqs_sum_halves(weights, patterns, pairs, count, results, 2);
}

PQS_INLINE void pqs_fully_connected_packed(const pqs_packed_fully_connected_params *params,
                                           const int8_t *input,
                                           int8_t *output,
                                           void *scratch,
                                           int sharing,
                                           int rounding)
{
    const int32_t groups2 = (params->input_size + 7) / 8;
    uint32_t *pairs = (uint32_t *)scratch;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        const uint32_t *weights = (const uint32_t *)(const void *)params->weights;
        const uint8_t *patterns = params->patterns;
        pqs_pair_inputs(input, params->input_size, pairs);
        for (int32_t channel = 0; channel < params->output_size; channel += PQS_PACKED_CHANNELS) {
            const int32_t count = pqs_packed_channels(params, channel);
            int32_t sums[PQS_PACKED_CHANNELS];
            pqs_packed_biases(params, channel, count, sums);
            if (sharing == 2) {
                pqs_sum_halves_by2(weights, patterns, pairs, groups2, sums);
            } else {
                pqs_sum_halves_by4(weights, patterns, pairs, groups2, sums);
            }
            if (PQS_LIKELY(count == PQS_PACKED_CHANNELS)) {
                /* In place, so that compilers unroll it. */
                pqs_packed_outputs(params, channel, PQS_PACKED_CHANNELS, sums, output, rounding);
            } else {
                pqs_packed_outputs(params, channel, count, sums, output, rounding);
            }
            weights += PQS_HALVES_WORDS * groups2;
            patterns += PQS_PACKED_CHANNELS / sharing * groups2;
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
    pqs_fully_connected_packed(params, input, output, scratch, 4, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_packed_single(const pqs_packed_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       void *scratch)
{
    pqs_fully_connected_packed(params, input, output, scratch, 4, PQS_ROUNDING_SINGLE);
}

void pqs_fully_connected_packed_by2_double(const pqs_packed_fully_connected_params *params,
                                           const int8_t *input,
                                           int8_t *output,
                                           void *scratch)
{
    pqs_fully_connected_packed(params, input, output, scratch, 2, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_packed_by2_single(const pqs_packed_fully_connected_params *params,
                                           const int8_t *input,
                                           int8_t *output,
                                           void *scratch)
{
    pqs_fully_connected_packed(params, input, output, scratch, 2, PQS_ROUNDING_SINGLE);
}
