/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_pairs_conv2d.h
 * @brief A convolution of pruned weights by two weights at once, but for how pairs of weights are stored.
 */
#ifndef PQS_PAIRS_CONV2D_H
#define PQS_PAIRS_CONV2D_H

#include "pqs_pairs.h"
#include "pqs_requantize.h"

/** The greatest sum of 16 bits less the least one. */
#define PQS_PAIRS_SPAN 0xFFFF

/**
 * Sums up the products of a channel, without bias.
 *
 * @param codes of the channel.
 * @param pairs of the pixels of a block.
 * @param sums set.
 */
typedef void (*pqs_pairs_sum_function)(const int8_t *codes, const uint32_t *pairs, int32_t sums[PQS_PAIRS_PIXELS]);

/** How a kernel sums up: always constants. */
typedef struct {
    pqs_pairs_sum_function sum;
    int32_t shift; /* its sums are multiples of 2^shift */
} pqs_pairs_summing;

/** How outputs are computed, an argument of bodies, always a constant. */
typedef enum {
    PQS_PAIRS_ANY,      /* by the general way */
    PQS_PAIRS_MODERATE, /* as those of moderate sums */
    PQS_PAIRS_SATURATED /* as those of moderate sums that are saturated to 16 bits */
} pqs_pairs_way;

/** The way that serves all channels. */
PQS_INLINE pqs_pairs_way pqs_pairs_choose(const pqs_packed_conv2d_params *params, int rounding)
{
    if (params->least_sums != NULL && params->sum_span != PQS_PAIRS_SPAN) {
        return PQS_PAIRS_ANY;
    }
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        if (!pqs_shifts_moderately(params->shifts[channel], rounding) || !pqs_is_moderate(params->bias[channel]) ||
            (params->least_sums != NULL && !pqs_is_moderate(params->least_sums[channel]))) {
            return PQS_PAIRS_ANY;
        }
    }
    return params->least_sums != NULL ? PQS_PAIRS_SATURATED : PQS_PAIRS_MODERATE;
}

/** Writes the outputs of `count` pixels of a channel. */
PQS_INLINE void pqs_pairs_write_any(const pqs_packed_conv2d_params *params,
                                    int32_t channel,
                                    const int32_t *sums,
                                    int32_t count,
                                    int8_t *output,
                                    int32_t sum_shift,
                                    int rounding)
{
    const uint32_t bias = (uint32_t)params->bias[channel];
    for (int32_t pixel = 0; pixel < count; pixel++) {
        int32_t sum = (int32_t)(bias + (uint32_t)(sums[pixel] >> sum_shift));
        if (params->least_sums != NULL) {
            const int32_t least = params->least_sums[channel];
            sum = pqs_clamp(sum, least, least + params->sum_span);
        }
        *output = (int8_t)pqs_requantize(
            sum, params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
        output += params->output_channels;
        PQS_OPAQUE(pixel);
    }
}

/** Writes the outputs of a channel, whose block is full. */
PQS_INLINE void pqs_pairs_write_moderate(const pqs_packed_conv2d_params *params,
                                         int32_t channel,
                                         const int32_t sums[PQS_PAIRS_PIXELS],
                                         int8_t *output,
                                         int saturates,
                                         int32_t sum_shift,
                                         int rounding)
{
    const pqs_moderate_factors factors = pqs_make_moderate_factors(
        params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
    const int32_t scale = pqs_moderate_scale(rounding);
    const int32_t step = params->output_channels;
    int32_t bias = params->bias[channel];
    int32_t middle = 0;
    if (saturates) {
        /* Saturated is what is left above the middle of the range. */
        middle = params->least_sums[channel] + PQS_PAIRS_SPAN / 2 + 1;
        bias -= middle;
        middle *= scale;
        PQS_OPAQUE(middle);
    }
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        int32_t sum = bias + (sums[pixel] >> sum_shift);
        if (saturates) {
            sum = pqs_saturate_16(sum);
        }
        *output = (int8_t)pqs_requantize_moderate(sum * scale + middle, &factors, rounding);
        output += step;
    }
}

/** Writes a channel's outputs of a block, for all channels. */
PQS_INLINE void pqs_pairs_channels(const pqs_packed_conv2d_params *params,
                                   const uint32_t *pairs,
                                   int32_t count,
                                   int8_t *output,
                                   pqs_pairs_way way,
                                   pqs_pairs_summing summing,
                                   int rounding)
{
    const int8_t *codes = params->weights;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        int32_t sums[PQS_PAIRS_PIXELS];
        summing.sum(codes, pairs, sums);
        if (way == PQS_PAIRS_ANY) {
            pqs_pairs_write_any(params, channel, sums, count, output, summing.shift, rounding);
        } else {
            pqs_pairs_write_moderate(
                params, channel, sums, output, way == PQS_PAIRS_SATURATED, summing.shift, rounding);
        }
        codes += params->channel_codes;
        output++;
    }
}

/** Computes a layer. */
PQS_INLINE void pqs_pairs_run(const pqs_packed_conv2d_params *params,
                              const int8_t *input,
                              int8_t *output,
                              void *scratch,
                              pqs_pairs_summing summing,
                              int rounding)
{
    pqs_pairs_room room = pqs_pairs_begin(params, scratch);
    const pqs_pairs_way way = pqs_pairs_choose(params, rounding);
    while (pqs_pairs_next(params, input, &room)) {
        int8_t *const target = output + room.output;
        const int32_t count = room.count;
        if (count < PQS_PAIRS_PIXELS || way == PQS_PAIRS_ANY) {
            pqs_pairs_channels(params, room.pairs, count, target, PQS_PAIRS_ANY, summing, rounding);
        } else if (way == PQS_PAIRS_SATURATED) {
            pqs_pairs_channels(params, room.pairs, count, target, PQS_PAIRS_SATURATED, summing, rounding);
        } else {
            pqs_pairs_channels(params, room.pairs, count, target, PQS_PAIRS_MODERATE, summing, rounding);
        }
        pqs_clamp_elements(
            target, count * params->output_channels, params->activation_min, params->activation_max);
    }
}

#endif /* PQS_PAIRS_CONV2D_H */
