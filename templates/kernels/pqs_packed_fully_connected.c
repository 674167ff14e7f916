/* SPDX-License-Identifier: MIT-0 */
#include "pqs_internal.h"

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

#if defined(PQS_MVE)

/** The inputs as they are, followed by zeros. */
typedef int8_t pqs_paired_inputs;

/** Prepares a row of inputs. */
PQS_INLINE void pqs_pair_inputs(const int8_t *input, int32_t count, pqs_paired_inputs *inputs)
{
    for (; count > 0; count -= 16) {
        vstrbq_s8(inputs, vldrbq_z_s8(input, vctp8q((uint32_t)count)));
        input += 16;
        inputs += 16;
    }
    vstrbq_s8(inputs, vdupq_n_s8(0));
}

/** Adds the products of a group's weights with a pair of inputs. */
PQS_INLINE void pqs_add_pair(const int32_t *weights, int32_t first, int32_t second, int32_t sums[PQS_PAIRED_CHANNELS])
{
    for (int32_t half = 0; half < 2; half++) {
        sums[2 * half] += pqs_paired_weight(weights[half], 0) * first + pqs_paired_weight(weights[half], 2) * second;
        sums[2 * half + 1] += pqs_paired_weight(weights[half], 1) * first + pqs_paired_weight(weights[half], 3) * second;
    }
}

/** The sums of four channels over `groups` groups of four inputs. */
PQS_NOINLINE void pqs_sum_pairs(const int32_t *weights,
                                const uint8_t *patterns,
                                const pqs_paired_inputs *inputs,
                                int32_t groups,
                                int32_t sums[PQS_PAIRED_CHANNELS])
{
    static const uint8_t firsts[16] = {0, 0, 0, 1, 1, 2};
    static const uint8_t seconds[16] = {1, 2, 3, 2, 3, 3};
    /* Two lanes for each of eight groups: with the first and the second of two channels' weights. */
    const uint8x16_t lanes = vidupq_n_u8(0, 1);
    const uint8x16_t starts = vshlq_n_u8(vshrq_n_u8(lanes, 1), 2);
    const uint8x16_t bytes = vshrq_n_u8(lanes, 2);
    const uint8x16_t odd = vandq_u8(vshrq_n_u8(lanes, 1), vdupq_n_u8(1));
    const int8x16_t shifts = vnegq_s8(vreinterpretq_s8_u8(vshlq_n_u8(odd, 2)));
    const mve_pred16_t even_lanes = vcmpeqq_n_u8(vandq_u8(lanes, vdupq_n_u8(1)), 0);
    const mve_pred16_t odd_lanes = vpnot(even_lanes);
    for (; groups >= 8; groups -= 8) {
        const uint8x16_t pairs =
            vandq_u8(vshlq_u8(vldrbq_gather_offset_u8(patterns, bytes), shifts), vdupq_n_u8(15));
        const uint8x16_t first = vaddq_u8(vldrbq_gather_offset_u8(firsts, pairs), starts);
        const uint8x16_t second = vaddq_u8(vldrbq_gather_offset_u8(seconds, pairs), starts);
        const int8x16_t x = vldrbq_gather_offset_s8(inputs, first);
        const int8x16_t y = vldrbq_gather_offset_s8(inputs, second);
        const int16x8x4_t all = vld4q_s16((const int16_t *)(const void *)weights);
        const int8x16_t low_x = vreinterpretq_s8_s16(all.val[0]);
        const int8x16_t low_y = vreinterpretq_s8_s16(all.val[1]);
        const int8x16_t high_x = vreinterpretq_s8_s16(all.val[2]);
        const int8x16_t high_y = vreinterpretq_s8_s16(all.val[3]);
        sums[0] = vmladavaq_p_s8(sums[0], low_x, x, even_lanes);
        sums[0] = vmladavaq_p_s8(sums[0], low_y, y, even_lanes);
        sums[2] = vmladavaq_p_s8(sums[2], high_x, x, even_lanes);
        sums[2] = vmladavaq_p_s8(sums[2], high_y, y, even_lanes);
        sums[1] = vmladavaq_p_s8(sums[1], low_x, x, odd_lanes);
        sums[1] = vmladavaq_p_s8(sums[1], low_y, y, odd_lanes);
        sums[3] = vmladavaq_p_s8(sums[3], high_x, x, odd_lanes);
        sums[3] = vmladavaq_p_s8(sums[3], high_y, y, odd_lanes);
        weights += 4 * PQS_PAIRED_WORDS;
        patterns += 4;
        inputs += 32;
    }
    for (int32_t group = 0; group < groups; group++) {
        const int32_t pair = patterns[group / 2] >> (4 * (group % 2)) & 15;
        pqs_add_pair(weights, inputs[firsts[pair]], inputs[seconds[pair]], sums);
        weights += PQS_PAIRED_WORDS / 2;
        inputs += 4;
    }
}

#else

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

/** The sums of four channels over `groups` groups of four inputs. */
PQS_NOINLINE void pqs_sum_pairs(const int32_t *weights,
                                const uint8_t *patterns,
                                const pqs_paired_inputs *pairs,
                                int32_t groups,
                                int32_t sums[PQS_PAIRED_CHANNELS])
{
    int32_t local[PQS_PAIRED_CHANNELS] = {sums[0], sums[1], sums[2], sums[3]};
    for (; groups > 0; groups -= 2) {
        const uint32_t pattern = *patterns++;
        pqs_add_pair(weights, pairs[pattern & 15u], local);
        pqs_add_pair(weights + PQS_PAIRED_WORDS / 2, pairs[PQS_PAIRS + (pattern >> 4)], local);
        weights += PQS_PAIRED_WORDS;
        pairs += 2 * PQS_PAIRS;
    }
    sums[0] = local[0];
    sums[1] = local[1];
    sums[2] = local[2];
    sums[3] = local[3];
}

#endif

/** Four outputs, or as many as there are. */
PQS_INLINE void pqs_write_paired(const pqs_packed_fully_connected_params *params,
                                 int32_t channel,
                                 const int32_t sums[PQS_PAIRED_CHANNELS],
                                 int8_t *output,
                                 int rounding)
{
    const int32_t end = pqs_min(channel + PQS_PAIRED_CHANNELS, params->output_size);
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
            pqs_sum_pairs(weights, patterns, inputs, groups, sums);
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
