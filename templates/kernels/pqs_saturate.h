/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_saturate.h
 * @brief Outputs of saturated sums, from outputs of the sums themselves.
 *
 * An output never falls while its sum grows. So the output of a saturated sum is that of the sum itself, between those of
 * the accumulator's limits; where they are beyond what an output can be, as they mostly are, there is nothing to do.
 */
#ifndef PQS_SATURATE_H
#define PQS_SATURATE_H

#include "pqs_requantize.h"

/** The sums of a layer's channels and what turns them into outputs; see pqs_kernels.h, "Saturation". */
typedef struct {
    const int32_t *least_sums;
    int32_t sum_span;
    const int32_t *multipliers;
    const int8_t *shifts;
    int32_t channels;
    int32_t zero_point;
    int32_t lowest; /* output */
    int32_t highest;
} pqs_saturation;

/** The saturation of a layer by its parameters, whatever their type; `count` is that of its output channels. */
#define PQS_SATURATION_OF(params, count)                                                                               \
    {(params)->least_sums, (params)->sum_span, (params)->multipliers, (params)->shifts, (count),                       \
     (params)->output_zero_point, (params)->activation_min, (params)->activation_max}

/** Changes outputs, [pixels][channels], to those of saturated sums, of double rounding. */
void pqs_saturate_outputs_double(const pqs_saturation *saturation, int32_t pixels, int8_t *output);

/** The same of single rounding. */
void pqs_saturate_outputs_single(const pqs_saturation *saturation, int32_t pixels, int8_t *output);

/** The same of a rounding, a constant. */
PQS_INLINE void
pqs_saturate_layer(const pqs_saturation *saturation, int32_t pixels, int8_t *output, int rounding)
{
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_saturate_outputs_double(saturation, pixels, output);
    } else {
        pqs_saturate_outputs_single(saturation, pixels, output);
    }
}

/** Makes a convolution's outputs those of saturated sums where `exact`, a constant as `rounding` is, tells so. */
PQS_INLINE void pqs_saturate_conv2d(const pqs_conv2d_params *params, int8_t *output, int rounding, int exact)
{
    if (exact) {
        const pqs_saturation saturation = PQS_SATURATION_OF(params, params->output_channels);
        const int32_t pixels = params->batches * params->output_height * params->output_width;
        pqs_saturate_layer(&saturation, pixels, output, rounding);
    }
}

/** Makes outputs of pruned weights those of saturated sums where the layer saturates them. */
PQS_INLINE void pqs_saturate_packed_conv2d(const pqs_packed_conv2d_params *params, int8_t *output, int rounding)
{
    if (params->least_sums != NULL) {
        const pqs_saturation saturation = PQS_SATURATION_OF(params, params->output_channels);
        const int32_t pixels = params->batches * params->output_height * params->output_width;
        pqs_saturate_layer(&saturation, pixels, output, rounding);
    }
}

#endif /* PQS_SATURATE_H */
