/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_pairs_conv2d.h
 * @brief A convolution of pruned weights by two weights at once, but for how pairs of weights are stored.
 */
#ifndef PQS_PAIRS_CONV2D_H
#define PQS_PAIRS_CONV2D_H

#include "pqs_pairs.h"
#include "pqs_saturate.h"

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

/** True where the sums of all channels are moderate. */
PQS_INLINE int pqs_pairs_is_moderate(const pqs_packed_conv2d_params *params, int rounding)
{
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        if (!pqs_shifts_moderately(params->shifts[channel], rounding) || !pqs_is_moderate(params->bias[channel])) {
            return 0;
        }
    }
    return 1;
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
        const int32_t sum = (int32_t)(bias + (uint32_t)(sums[pixel] >> sum_shift));
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
                                         int32_t sum_shift,
                                         int rounding)
{
    const pqs_moderate_factors factors = pqs_make_moderate_factors(
        params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
    const int32_t scale = pqs_moderate_scale(rounding);
    const int32_t step = params->output_channels;
    const int32_t bias = params->bias[channel];
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        const int32_t sum = bias + (sums[pixel] >> sum_shift);
        *output = (int8_t)pqs_requantize_moderate(sum * scale, &factors, rounding);
        output += step;
    }
}

/** Writes the outputs of a block; `is_moderate` is a constant, and true for full blocks only. */
PQS_INLINE void pqs_pairs_channels(const pqs_packed_conv2d_params *params,
                                   const uint32_t *pairs,
                                   int32_t count,
                                   int8_t *output,
                                   int is_moderate,
                                   pqs_pairs_summing summing,
                                   int rounding)
{
    const int8_t *codes = params->weights;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        int32_t sums[PQS_PAIRS_PIXELS];
        summing.sum(codes, pairs, sums);
        if (is_moderate) {
            pqs_pairs_write_moderate(params, channel, sums, output, summing.shift, rounding);
        } else {
            pqs_pairs_write_any(params, channel, sums, count, output, summing.shift, rounding);
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
    const int is_moderate = pqs_pairs_is_moderate(params, rounding);
    while (pqs_pairs_next(params, input, &room)) {
        int8_t *const target = output + room.output;
        const int32_t count = room.count;
        if (is_moderate && count == PQS_PAIRS_PIXELS) {
            pqs_pairs_channels(params, room.pairs, count, target, 1, summing, rounding);
        } else {
            pqs_pairs_channels(params, room.pairs, count, target, 0, summing, rounding);
        }
        pqs_clamp_elements(
            target, count * params->output_channels, params->activation_min, params->activation_max);
    }
    pqs_saturate_packed_conv2d(params, output, rounding);
}

#endif /* PQS_PAIRS_CONV2D_H */
