/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_taps.h"
#include "pqs_planes_helium.h"
#include "pqs_saturate.h"

/* Out of line, one for each form, so that the registers are the loops' alone. */

PQS_NOINLINE void
pqs_convolve_3x3_double(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_DOUBLE, 0);
}

PQS_NOINLINE void
pqs_convolve_3x3_single(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_SINGLE, 0);
}

/* With short multipliers, see pqs_requantize.h. */

PQS_NOINLINE void
pqs_convolve_3x3_double_short(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_DOUBLE, 1);
}

PQS_NOINLINE void
pqs_convolve_3x3_single_short(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_SINGLE, 1);
}

PQS_NOINLINE void pqs_convolve_kept_double(const pqs_strip *strip,
                                           const pqs_plane_factors *factors,
                                           const pqs_kept_taps *kept,
                                           int8_t *output)
{
    pqs_convolve_kept(strip, factors, kept, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_convolve_kept_single(const pqs_strip *strip,
                                           const pqs_plane_factors *factors,
                                           const pqs_kept_taps *kept,
                                           int8_t *output)
{
    pqs_convolve_kept(strip, factors, kept, output, PQS_ROUNDING_SINGLE);
}

/**
 * Computes one output channel of a strip by the function of the form that the last argument, a constant, names.
 * `packed` is the layer's packed weights or the constant NULL.
 */
PQS_INLINE void pqs_convolve_channel(const pqs_depthwise_conv2d_params *params,
                                     const pqs_packed_depthwise_conv2d_params *packed,
                                     pqs_strip *strip,
                                     int32_t channel,
                                     pqs_plane_weight *weights,
                                     int8_t *output,
                                     int rounding)
{
    pqs_channel_taps taps;
    if (packed != NULL) {
        /* At the end of the memory, behind what is made of them. */
        const int32_t end = PQS_DEPTHWISE_WEIGHTS_SIZE(params->kernel_height, params->kernel_width);
        int8_t *const unpacked = (int8_t *)weights + end - pqs_unpacked_size(params);
        pqs_unpack_weights(packed, channel, unpacked);
        taps.first = unpacked;
        taps.step = 1;
    } else {
        taps.first = params->weights + channel;
        taps.step = params->input_channels * params->depth_multiplier;
    }
    pqs_plane_factors factors;
    factors.bias = params->bias[channel];
    factors.multiplier = params->multipliers[channel];
    factors.shift = params->shifts[channel];
    if (pqs_is_3x3(params) && pqs_suits_3x3(&factors, rounding)) {
        pqs_factors_3x3 scaled = pqs_make_factors_3x3(&factors, strip->zero_point, rounding);
        scaled.bias -= pqs_take_weights_3x3(taps, pqs_moderate_scale(rounding), weights);
        if (pqs_is_short(factors.multiplier, factors.shift, rounding)) {
            scaled.factors.multiplier = pqs_short_factor(factors.multiplier, rounding);
            if (rounding == PQS_ROUNDING_DOUBLE) {
                pqs_convolve_3x3_double_short(strip, &scaled, output);
            } else {
                pqs_convolve_3x3_single_short(strip, &scaled, output);
            }
            return;
        }
        if (rounding == PQS_ROUNDING_DOUBLE) {
            pqs_convolve_3x3_double(strip, &scaled, output);
        } else {
            pqs_convolve_3x3_single(strip, &scaled, output);
        }
        return;
    }
    const pqs_kept_taps kept = pqs_keep_taps(params, strip, taps, (pqs_kept_tap *)(void *)weights);
    factors.bias -= kept.offset;
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_convolve_kept_double(strip, &factors, &kept, output);
    } else {
        pqs_convolve_kept_single(strip, &factors, &kept, output);
    }
}

/** Computes the strip of one image, plane by plane. */
PQS_INLINE void pqs_depthwise_strip(const pqs_depthwise_conv2d_params *params,
                                    const pqs_packed_depthwise_conv2d_params *packed,
                                    pqs_strip *strip,
                                    const int8_t *image,
                                    pqs_plane_weight *weights,
                                    pqs_plane *planes,
                                    int8_t *output,
                                    int rounding)
{
    const int32_t channels = params->input_channels;
    int32_t output_channel = 0;
    pqs_clear_planes(params, strip, planes);
    for (int32_t channel = 0; channel < channels; channel += PQS_PLANES) {
        const int32_t count = pqs_min(PQS_PLANES, channels - channel);
        pqs_gather_planes(params, strip, image, channel, count, planes);
        strip->plane = planes;
        for (int32_t i = 0; i < count; i++) {
            for (int32_t j = 0; j < params->depth_multiplier; j++) {
                pqs_convolve_channel(params, packed, strip, output_channel++, weights, output++, rounding);
            }
            strip->plane += strip->rows * strip->columns;
        }
    }
}

PQS_INLINE void pqs_depthwise_conv2d(const pqs_depthwise_conv2d_params *params,
                                     const pqs_packed_depthwise_conv2d_params *packed,
                                     const int8_t *input,
                                     int8_t *output,
                                     int8_t *scratch,
                                     int rounding,
                                     int exact)
{
    const int32_t channels = params->input_channels;
    const int32_t extent = (params->kernel_height - 1) * params->dilation_height + 1;
    const int32_t width = (params->output_width - 1) * params->stride_width +
                          (params->kernel_width - 1) * params->dilation_width + 1;
    int8_t *const rest = scratch + PQS_DEPTHWISE_WEIGHTS_SIZE(params->kernel_height, params->kernel_width);
    int8_t *const first_output = output;
    pqs_plane_weight *const weights = (pqs_plane_weight *)(void *)scratch;
    pqs_plane *const planes = (pqs_plane *)(void *)rest;
    pqs_strip strip;
    strip.output_width = params->output_width;
    strip.output_step = channels * params->depth_multiplier;
    strip.columns = width + width % 2;
    strip.row_step = params->dilation_height * strip.columns;
    strip.stride_height = params->stride_height;
    strip.stride_width = params->stride_width;
    strip.zero_point = params->output_zero_point;
    strip.weights = weights;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        for (int32_t y = 0; y < params->output_height; y += params->strip_rows) {
            strip.output_rows = pqs_min(params->strip_rows, params->output_height - y);
            strip.origin_y = y * params->stride_height - params->padding_top;
            strip.rows = (strip.output_rows - 1) * params->stride_height + extent;
#if defined(PQS_MVE)
            if (params->depth_multiplier == 1 && channels >= PQS_DEPTHWISE_LANES) {
                pqs_depthwise_strip_helium(params, packed, &strip, input, scratch, rest, output, rounding);
            } else {
                pqs_depthwise_strip(params, packed, &strip, input, weights, planes, output, rounding);
            }
#else
            pqs_depthwise_strip(params, packed, &strip, input, weights, planes, output, rounding);
#endif
            output += strip.output_rows * strip.output_width * strip.output_step;
        }
        input += params->input_height * params->input_width * channels;
    }
    const int32_t count = (int32_t)(output - first_output);
    pqs_clamp_elements(first_output, count, params->activation_min, params->activation_max);
    if (exact) {
        const pqs_saturation saturation = PQS_SATURATION_OF(params, strip.output_step);
        pqs_saturate_layer(&saturation, count / strip.output_step, first_output, rounding);
    }
}

void pqs_depthwise_conv2d_double(const pqs_depthwise_conv2d_params *params,
                                 const int8_t *input,
                                 int8_t *output,
                                 int8_t *scratch)
{
    pqs_depthwise_conv2d(params, NULL, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_depthwise_conv2d_single(const pqs_depthwise_conv2d_params *params,
                                 const int8_t *input,
                                 int8_t *output,
                                 int8_t *scratch)
{
    pqs_depthwise_conv2d(params, NULL, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_depthwise_conv2d_double_exact(const pqs_depthwise_conv2d_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       int8_t *scratch)
{
    pqs_depthwise_conv2d(params, NULL, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_depthwise_conv2d_single_exact(const pqs_depthwise_conv2d_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       int8_t *scratch)
{
    pqs_depthwise_conv2d(params, NULL, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_EXACT);
}

void pqs_depthwise_conv2d_packed_double(const pqs_packed_depthwise_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        int8_t *scratch)
{
    pqs_depthwise_conv2d(&params->layer, params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_depthwise_conv2d_packed_single(const pqs_packed_depthwise_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        int8_t *scratch)
{
    pqs_depthwise_conv2d(&params->layer, params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_depthwise_conv2d_packed_double_exact(const pqs_packed_depthwise_conv2d_params *params,
                                              const int8_t *input,
                                              int8_t *output,
                                              int8_t *scratch)
{
    pqs_depthwise_conv2d(&params->layer, params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_depthwise_conv2d_packed_single_exact(const pqs_packed_depthwise_conv2d_params *params,
                                              const int8_t *input,
                                              int8_t *output,
                                              int8_t *scratch)
{
    pqs_depthwise_conv2d(&params->layer, params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_EXACT);
}
