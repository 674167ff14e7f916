/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_fully_connected.h"

/*
 * A word has the weights of four channels for one input, each plus 128, so that it is in 0..255; inputs are taken plus
 * 128 as well. The sum of (w + 128) * x is the sum of w * x, and 128 times the sum of x, which all four channels share.
 *
 * A word w0 + w1 * 2^8 + w2 * 2^16 + w3 * 2^24 times an input, in 64 bits, adds to four sums at once, which overlap;
 * turned and masked it is w2 + w1 * 2^24, whose two sums do not. Less these, the first has two sums that do not overlap
 * either: three instructions for four products.
 */

/** Bits of a lane. */
#define PQS_QUAD_LANE 24

/** Groups whose patterns share a word. */
#define PQS_QUAD_GROUPS 8

/** Words of so many groups. */
#define PQS_QUAD_WORDS (1 + 2 * PQS_QUAD_GROUPS)

/** Such words of patterns before lanes are read: 256 products, and 256 * 255 * 255 < 2^24. */
#define PQS_QUAD_SEGMENT 16

/** Sums of the products of four channels. */
typedef struct {
    uint64_t all;    /* of w0 + w1 * 2^8 + w2 * 2^16 + w3 * 2^24 */
    uint64_t middle; /* of w2 + w1 * 2^24 */
    uint32_t inputs; /* the first of pairs in the low half, the second in the high one */
} pqs_quad_sums;

/** The six pairs of four inputs plus 128. */
PQS_INLINE void pqs_pair_offset_group(uint32_t x0, uint32_t x1, uint32_t x2, uint32_t x3, uint32_t pairs[PQS_PAIRS])
{
    pairs[0] = x0 | x1 << 16;
    pairs[1] = x0 | x2 << 16;
    pairs[2] = x0 | x3 << 16;
    pairs[3] = x1 | x2 << 16;
    pairs[4] = x1 | x3 << 16;
    pairs[5] = x2 | x3 << 16;
}

/** Prepares a row of inputs: for each group its six pairs, as halves. What is beyond the row is 0. */
PQS_NOINLINE void pqs_pair_offset_inputs(const int8_t *input, int32_t count, uint32_t *pairs)
{
    const int32_t groups = (count + 3) / 4;
    for (; count >= PQS_GROUP_INPUTS; count -= PQS_GROUP_INPUTS) {
        pqs_pair_offset_group((uint32_t)(input[0] + 128),
                              (uint32_t)(input[1] + 128),
                              (uint32_t)(input[2] + 128),
                              (uint32_t)(input[3] + 128),
                              pairs);
        input += PQS_GROUP_INPUTS;
        pairs += PQS_PAIRS;
    }
    if (count > 0) {
        const uint32_t x1 = count > 1 ? (uint32_t)(input[1] + 128) : 0;
        const uint32_t x2 = count > 2 ? (uint32_t)(input[2] + 128) : 0;
        pqs_pair_offset_group((uint32_t)(input[0] + 128), x1, x2, 0, pairs);
        pairs += PQS_PAIRS;
    }
    if (groups % 2 != 0) {
        memset(pairs, 0, PQS_PAIRS * sizeof *pairs);
    }
}

/* Compilers make products and additions of it. Without optimisation they may want the registers for themselves. */
#if defined(PQS_THUMB2_LOOPS)

/** Adds the products of a group of inputs, whose pattern is x. */
#define PQS_QUADS_GROUP                                                                                                \
    "    ldr   %[pair], [%[pairs], %[x], lsl #2]\n"                                                                    \
    "    ldrd  %[first], %[second], [%[words]], #8\n"                                                                  \
    "    add   %[inputs], %[inputs], %[pair]\n"                                                                        \
    "    uxth  %[x], %[pair]\n"                                                                                        \
    "    umlal %Q[all], %R[all], %[first], %[x]\n"                                                                     \
    "    and   %[first], %[mask], %[first], ror #16\n"                                                                 \
    "    umlal %Q[middle], %R[middle], %[first], %[x]\n"                                                               \
    "    lsr   %[pair], %[pair], #16\n"                                                                                \
    "    umlal %Q[all], %R[all], %[second], %[pair]\n"                                                                 \
    "    and   %[second], %[mask], %[second], ror #16\n"                                                               \
    "    umlal %Q[middle], %R[middle], %[second], %[pair]\n"

/** Adds the products of the words up to `end`, of which there are some. */
PQS_INLINE void
pqs_add_quad_pairs(pqs_quad_sums *sums, const uint32_t *words, const uint32_t *end, const uint32_t *pairs)
{
    const uint32_t mask = 0xFF0000FFu;
    uint32_t pattern;
    uint32_t pair;
    uint32_t first;
    uint32_t second;
    uint32_t x;
    __asm__ volatile("2:  ldr   %[pattern], [%[words]], #4\n"
                     "1:  and   %[x], %[pattern], #15\n" PQS_QUADS_GROUP
                     "    ubfx  %[x], %[pattern], #4, #4\n" PQS_QUADS_GROUP
                     "    add   %[pairs], %[pairs], #48\n"
                     "    lsrs  %[pattern], %[pattern], #8\n"
                     "    bne   1b\n"
                     "    cmp   %[words], %[end]\n"
                     "    bne   2b\n"
                     : [all] "+r"(sums->all),
                       [middle] "+r"(sums->middle),
                       [inputs] "+r"(sums->inputs),
                       [words] "+r"(words),
                       [pairs] "+r"(pairs),
                       [pattern] "=&r"(pattern),
                       [pair] "=&r"(pair),
                       [first] "=&r"(first),
                       [second] "=&r"(second),
                       [x] "=&r"(x)
                     : [mask] "r"(mask), [end] "r"(end)
                     : "cc", "memory");
}

#else

/** Adds the products of an input. */
PQS_INLINE void pqs_add_quad(pqs_quad_sums *sums, uint32_t word, uint32_t x)
{
    sums->all += (uint64_t)word * x;
    sums->middle += (uint64_t)(((word >> 16) | (word << 16)) & 0xFF0000FFu) * x;
}

/** Adds the products of the words up to `end`. */
PQS_INLINE void
pqs_add_quad_pairs(pqs_quad_sums *sums, const uint32_t *words, const uint32_t *end, const uint32_t *pairs)
{
    while (words < end) {
        for (uint32_t pattern = *words++; pattern != 0; pattern >>= 8) {
            for (uint32_t group = 0; group < 2; group++) {
                const uint32_t pair = pairs[pattern >> (4 * group) & 15u];
                sums->inputs += pair;
                pqs_add_quad(sums, words[0], pair & 0xFFFFu);
                pqs_add_quad(sums, words[1], pair >> 16);
                words += 2;
            }
            pairs += 2 * PQS_PAIRS;
        }
    }
}

#endif

/** Adds the products of four channels, whose words are `words` up to `end`. */
PQS_NOINLINE void pqs_sum_quad_pairs(const uint32_t *words,
                                     const uint32_t *end,
                                     const uint32_t *pairs,
                                     int32_t results[PQS_PACKED_CHANNELS])
{
    const uint32_t lane = (1u << PQS_QUAD_LANE) - 1u;
    do {
        const int32_t count = pqs_min((int32_t)(end - words), PQS_QUAD_SEGMENT * PQS_QUAD_WORDS);
        pqs_quad_sums sums = {0, 0, 0};
        pqs_add_quad_pairs(&sums, words, words + count, pairs);
        words += count;
        pairs += PQS_QUAD_SEGMENT * PQS_QUAD_GROUPS * PQS_PAIRS;
        const uint32_t offset = 128u * ((sums.inputs & 0xFFFFu) + (sums.inputs >> 16));
        const uint32_t sum1 = (uint32_t)(sums.middle >> PQS_QUAD_LANE);
        const uint32_t sum2 = (uint32_t)sums.middle & lane;
        const uint64_t outer = sums.all - ((uint64_t)sum1 << 8) - ((uint64_t)sum2 << 16);
        results[0] += (int32_t)(((uint32_t)outer & lane) - offset);
        results[1] += (int32_t)(sum1 - offset);
        results[2] += (int32_t)(sum2 - offset);
        results[3] += (int32_t)((uint32_t)(outer >> PQS_QUAD_LANE) - offset);
    } while (words < end);
}

PQS_INLINE void pqs_fully_connected_packed_quads(
    const pqs_packed_fully_connected_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    const int32_t groups = (params->input_size + 7) / 8 * 2;
    const int32_t step = (groups + PQS_QUAD_GROUPS - 1) / PQS_QUAD_GROUPS + 2 * groups;
    uint32_t *pairs = (uint32_t *)scratch;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        const uint32_t *words = (const uint32_t *)(const void *)params->weights;
        pqs_pair_offset_inputs(input, params->input_size, pairs);
        for (int32_t channel = 0; channel < params->output_size; channel += PQS_PACKED_CHANNELS) {
            const int32_t count = pqs_packed_channels(params, channel);
            int32_t sums[PQS_PACKED_CHANNELS];
            pqs_packed_biases(params, channel, count, sums);
            pqs_sum_quad_pairs(words, words + step, pairs, sums);
            if (PQS_LIKELY(count == PQS_PACKED_CHANNELS)) {
                /* In place, so that compilers unroll it. */
                pqs_packed_outputs(params, channel, PQS_PACKED_CHANNELS, sums, output, rounding);
            } else {
                pqs_packed_outputs(params, channel, count, sums, output, rounding);
            }
            words += step;
        }
        pqs_clamp_elements(output, params->output_size, params->activation_min, params->activation_max);
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_packed_quads_double(const pqs_packed_fully_connected_params *params,
                                             const int8_t *input,
                                             int8_t *output,
                                             void *scratch)
{
    pqs_fully_connected_packed_quads(params, input, output, scratch, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_packed_quads_single(const pqs_packed_fully_connected_params *params,
                                             const int8_t *input,
                                             int8_t *output,
                                             void *scratch)
{
    pqs_fully_connected_packed_quads(params, input, output, scratch, PQS_ROUNDING_SINGLE);
}
