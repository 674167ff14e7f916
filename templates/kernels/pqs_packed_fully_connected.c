/* SPDX-License-Identifier: MIT-0 */
#include "pqs_helium.h"
#include "pqs_requantize.h"

/*
 * Four channels share the positions of their weights: of each four inputs the same two. So a pair of inputs, picked once,
 * serves four pairs of weights.
 */

/** Channels that share positions. */
#define PQS_PAIRED_CHANNELS 4

/** Pairs that there are of four inputs. */
#define PQS_PAIRS 6

/** Words of the weights of two groups of inputs, which share a byte of patterns. */
#define PQS_PAIRED_WORDS 4

/** A weight of a word. */
PQS_INLINE int32_t pqs_paired_weight(int32_t word, int32_t index)
{
    return (int32_t)(int8_t)(uint8_t)((uint32_t)word >> (8 * index) & 0xFFu);
}

/** For each four inputs the six pairs of them, as halves: 0 and 1, 0 and 2, 0 and 3, 1 and 2, 1 and 3, 2 and 3. */
typedef uint32_t pqs_paired_inputs;

/** Two inputs as halves. */
PQS_INLINE uint32_t pqs_pair(int32_t first, int32_t second)
{
    return ((uint32_t)second << 16) | ((uint32_t)first & 0xFFFFu);
}

/** Prepares a row of inputs. A group that makes their number even has weights of 0, but its pairs must be something. */
PQS_NOINLINE void pqs_pair_inputs(const int8_t *input, int32_t count, pqs_paired_inputs *pairs)
{
    const int32_t groups = (count + 3) / 4;
    for (; count > 0; count -= 4) {
        const int32_t x0 = input[0];
        const int32_t x1 = count > 1 ? input[1] : 0;
        const int32_t x2 = count > 2 ? input[2] : 0;
        const int32_t x3 = count > 3 ? input[3] : 0;
        pairs[0] = pqs_pair(x0, x1);
        pairs[1] = pqs_pair(x0, x2);
        pairs[2] = pqs_pair(x0, x3);
        pairs[3] = pqs_pair(x1, x2);
        pairs[4] = pqs_pair(x1, x3);
        pairs[5] = pqs_pair(x2, x3);
        input += 4;
        pairs += PQS_PAIRS;
    }
    if (groups % 2 != 0) {
        memset(pairs, 0, PQS_PAIRS * sizeof *pairs);
    }
}

/** Adds the products of a group's weights with a pair of inputs. */
PQS_INLINE void pqs_add_pair(const int32_t *weights, uint32_t pair, int32_t sums[PQS_PAIRED_CHANNELS])
{
    const int32_t low = weights[0];
    const int32_t high = weights[1];
#if defined(PQS_DSP)
    sums[0] = pqs_multiply_add_halves(pqs_even_lanes((uint32_t)low), pair, sums[0]);
    sums[1] = pqs_multiply_add_halves(pqs_odd_lanes((uint32_t)low), pair, sums[1]);
    sums[2] = pqs_multiply_add_halves(pqs_even_lanes((uint32_t)high), pair, sums[2]);
    sums[3] = pqs_multiply_add_halves(pqs_odd_lanes((uint32_t)high), pair, sums[3]);
#else
    const int32_t first = (int32_t)(int16_t)(uint16_t)(pair & 0xFFFFu);
    const int32_t second = (int32_t)pair >> 16;
    sums[0] += pqs_paired_weight(low, 0) * first;
    sums[1] += pqs_paired_weight(low, 1) * first;
    sums[0] += pqs_paired_weight(low, 2) * second;
    sums[1] += pqs_paired_weight(low, 3) * second;
    sums[2] += pqs_paired_weight(high, 0) * first;
    sums[3] += pqs_paired_weight(high, 1) * first;
    sums[2] += pqs_paired_weight(high, 2) * second;
    sums[3] += pqs_paired_weight(high, 3) * second;
#endif
}

#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP) && !defined(PQS_MVE) && defined(PQS_THUMB2_LOOPS)

/** Adds the products of `bytes` pairs of groups, at least one. In assembly, since compilers load weights one by one. */
PQS_INLINE void pqs_add_paired_groups(const int32_t *weights,
                              const uint8_t *patterns,
                              const pqs_paired_inputs *pairs,
                              int32_t bytes,
                              int32_t sums[PQS_PAIRED_CHANNELS])
{
    const uint8_t *const end = patterns + bytes;
    int32_t low;
    int32_t high;
    uint32_t pattern;
    uint32_t pair;
    __asm__ volatile("1:  ldrb   %[pattern], [%[patterns]], #1\n"
                     "    ldrd   %[low], %[high], [%[weights]], #8\n"
                     "    and    %[pair], %[pattern], #15\n"
                     "    ldr    %[pair], [%[pairs], %[pair], lsl #2]\n"
                     "    lsr    %[pattern], %[pattern], #4\n"
                     "    sxtb16 r12, %[low]\n"
                     "    smlad  %[sum0], r12, %[pair], %[sum0]\n"
                     "    sxtb16 %[low], %[low], ror #8\n"
                     "    smlad  %[sum1], %[low], %[pair], %[sum1]\n"
                     "    sxtb16 r12, %[high]\n"
                     "    smlad  %[sum2], r12, %[pair], %[sum2]\n"
                     "    sxtb16 %[high], %[high], ror #8\n"
                     "    smlad  %[sum3], %[high], %[pair], %[sum3]\n"
                     "    ldrd   %[low], %[high], [%[weights]], #8\n"
                     "    ldr    %[pair], [%[pairs], %[pattern], lsl #2]\n"
                     "    sxtb16 r12, %[low]\n"
                     "    smlad  %[sum0], r12, %[pair], %[sum0]\n"
                     "    sxtb16 %[low], %[low], ror #8\n"
                     "    smlad  %[sum1], %[low], %[pair], %[sum1]\n"
                     "    sxtb16 r12, %[high]\n"
                     "    smlad  %[sum2], r12, %[pair], %[sum2]\n"
                     "    sxtb16 %[high], %[high], ror #8\n"
                     "    smlad  %[sum3], %[high], %[pair], %[sum3]\n"
                     "    add    %[pairs], %[pairs], #48\n"
                     "    cmp    %[patterns], %[end]\n"
                     "    bne    1b\n"
                     : [sum0] "+r"(sums[0]), [sum1] "+r"(sums[1]), [sum2] "+r"(sums[2]), [sum3] "+r"(sums[3]),
                       [weights] "+r"(weights), [patterns] "+r"(patterns), [pairs] "+r"(pairs), [low] "=&r"(low),
                       [high] "=&r"(high), [pattern] "=&r"(pattern), [pair] "=&r"(pair)
                     : [end] "r"(end)
                     : "r12", "cc", "memory");
}

#else

/** Adds the products of `bytes` pairs of groups. */
PQS_INLINE void pqs_add_paired_groups(const int32_t *weights,
                              const uint8_t *patterns,
                              const pqs_paired_inputs *pairs,
                              int32_t bytes,
                              int32_t sums[PQS_PAIRED_CHANNELS])
{
    for (; bytes > 0; bytes--) {
        const uint32_t pattern = *patterns++;
        pqs_add_pair(weights, pairs[pattern & 15u], sums);
        pqs_add_pair(weights + PQS_PAIRED_WORDS / 2, pairs[pattern >> 4], sums);
        weights += PQS_PAIRED_WORDS;
        pairs += 2 * PQS_PAIRS;
    }
}

#endif

/** The sums of four channels over `bytes` pairs of groups of four inputs. */
PQS_NOINLINE void pqs_sum_pairs(const int32_t *weights,
                                const uint8_t *patterns,
                                const pqs_paired_inputs *pairs,
                                int32_t bytes,
                                int32_t sums[PQS_PAIRED_CHANNELS])
{
    int32_t local[PQS_PAIRED_CHANNELS] = {sums[0], sums[1], sums[2], sums[3]};
#if defined(PQS_MVE)
    /* Four groups at once: two bytes of patterns, of which each lane takes its four bits. */
    const uint32x4_t lanes = vidupq_n_u32(0, 1);
    const int32x4_t shifts = vnegq_s32(vreinterpretq_s32_u32(vshlq_n_u32(lanes, 2)));
    const uint32x4_t starts = vmulq_n_u32(vshrq_n_u32(lanes, 1), 2 * PQS_PAIRS);
    for (; bytes >= 2; bytes -= 2) {
        const uint32_t four = (uint32_t)patterns[0] | (uint32_t)patterns[1] << 8;
        const uint32x4_t numbers = vandq_u32(vshlq_u32(vdupq_n_u32(four), shifts), vdupq_n_u32(15));
        const int16x8_t x =
            vreinterpretq_s16_u32(vldrwq_gather_shifted_offset_u32(pairs, vaddq_u32(numbers, starts)));
        const int32x4x2_t words = vld2q_s32(weights);
        const int8x16_t low = vreinterpretq_s8_s32(words.val[0]);
        const int8x16_t high = vreinterpretq_s8_s32(words.val[1]);
        local[0] = vmladavaq_s16(local[0], vmovlbq_s8(low), x);
        local[1] = vmladavaq_s16(local[1], vmovltq_s8(low), x);
        local[2] = vmladavaq_s16(local[2], vmovlbq_s8(high), x);
        local[3] = vmladavaq_s16(local[3], vmovltq_s8(high), x);
        weights += 2 * PQS_PAIRED_WORDS;
        patterns += 2;
        pairs += 4 * PQS_PAIRS;
    }
#endif
    if (bytes > 0) {
        pqs_add_paired_groups(weights, patterns, pairs, bytes, local);
    }
    sums[0] = local[0];
    sums[1] = local[1];
    sums[2] = local[2];
    sums[3] = local[3];
}

/** Four outputs, or as many as there are. */
PQS_INLINE void pqs_write_paired(const pqs_packed_fully_connected_params *params,
                                 int32_t channel,
                                 const int32_t sums[PQS_PAIRED_CHANNELS],
                                 int8_t *output,
                                 int rounding)
{
    const int32_t end = pqs_min(channel + PQS_PAIRED_CHANNELS, params->output_size);
#if defined(PQS_MVE)
    if (end == channel + PQS_PAIRED_CHANNELS) {
        int32x4_t four = vldrwq_s32(sums);
        if (params->least_sums != NULL) {
            const int32x4_t least = vldrwq_s32(params->least_sums + channel);
            four = pqs_clamp4(four, least, vaddq_n_s32(least, params->sum_span));
        }
        const pqs_factors4 factors = pqs_make_factors4(
            vldrwq_s32(params->multipliers + channel), vldrbq_s32(params->shifts + channel), rounding);
        four = vaddq_n_s32(pqs_requantize4(four, factors, rounding), params->output_zero_point);
        vstrbq_s32(output + channel, pqs_clamp4(four, vdupq_n_s32(INT8_MIN), vdupq_n_s32(INT8_MAX)));
        return;
    }
#endif
    for (; channel < end; channel++) {
        int32_t sum = *sums++;
        if (params->least_sums != NULL) {
            const int32_t least = params->least_sums[channel];
            sum = pqs_clamp(sum, least, least + params->sum_span);
        }
        output[channel] = (int8_t)pqs_requantize(
            sum, params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
    }
}

PQS_INLINE void pqs_fully_connected_packed(
    const pqs_packed_fully_connected_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    const int32_t groups = (params->input_size + 3) / 4;
    const int32_t bytes = (groups + 1) / 2;
    pqs_paired_inputs *inputs = (pqs_paired_inputs *)scratch;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        const int32_t *weights = params->weights;
        const uint8_t *patterns = params->patterns;
        pqs_pair_inputs(input, params->input_size, inputs);
        for (int32_t channel = 0; channel < params->output_size; channel += PQS_PAIRED_CHANNELS) {
            int32_t sums[PQS_PAIRED_CHANNELS] = {0, 0, 0, 0};
            for (int32_t index = 0; index < pqs_min(PQS_PAIRED_CHANNELS, params->output_size - channel); index++) {
                sums[index] = params->bias[channel + index];
            }
            pqs_sum_pairs(weights, patterns, inputs, bytes, sums);
            pqs_write_paired(params, channel, sums, output, rounding);
            weights += PQS_PAIRED_WORDS * bytes;
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
