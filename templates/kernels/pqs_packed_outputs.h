/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_outputs.h
 * @brief Outputs of sums, for the convolutions of pruned weights.
 */
#ifndef PQS_PACKED_OUTPUTS_H
#define PQS_PACKED_OUTPUTS_H

#include "pqs_packed.h"
#include "pqs_saturate.h"

#if !defined(PQS_MVE)

#if !defined(PQS_NO_LONG_MULTIPLY)

/**
 * True for a shift with which single rounding is one product: its upper word, plus half of the output's last digit and
 * the zero point, shifted to the right by -1 - shift, which is greater than 0.
 */
PQS_INLINE int pqs_packed_has_product(int32_t shift)
{
    return shift < -1 && shift > -22;
}

#endif

/** A bound of sums that have none. */
#define PQS_PACKED_UNBOUNDED 0xFFFFFFFFu

/**
 * Writes the outputs of a channel, those of its sums as they are.
 *
 * @param sums of which none is greater than `bound`, nor less than -`bound`.
 */
void pqs_packed_write_double(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             int32_t count,
                             int8_t *output);

/** The same with single rounding. */
void pqs_packed_write_single(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             int32_t count,
                             int8_t *output);

/** Makes a layer's outputs those of saturated sums where they are saturated; `rounding` is a constant. */
PQS_INLINE void pqs_packed_saturate(const pqs_packed_conv2d_params *params, int8_t *output, int rounding)
{
    if (params->least_sums == NULL) {
        return;
    }
    const int32_t pixels = params->batches * params->output_height * params->output_width;
    pqs_saturation saturation;
    saturation.least_sums = params->least_sums;
    saturation.sum_span = params->sum_span;
    saturation.multipliers = params->multipliers;
    saturation.shifts = params->shifts;
    saturation.channels = params->output_channels;
    saturation.zero_point = params->output_zero_point;
    saturation.lowest = params->activation_min;
    saturation.highest = params->activation_max;
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_saturate_outputs_double(&saturation, pixels, output);
    } else {
        pqs_saturate_outputs_single(&saturation, pixels, output);
    }
}

#endif /* !PQS_MVE */

#endif /* PQS_PACKED_OUTPUTS_H */
