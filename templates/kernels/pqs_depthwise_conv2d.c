/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_taps.h"
#include "pqs_planes_3x3.h"
#include "pqs_planes_helium.h"
#include "pqs_planes_words.h"
#include "pqs_saturate.h"

/* Out of line, one for each form, so that the registers are the loops' alone. */

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

/** What turns the sums of one output channel into outputs. */
PQS_INLINE pqs_plane_factors pqs_load_plane_factors(const pqs_depthwise_conv2d_params *params, int32_t channel)
{
    pqs_plane_factors factors;
    factors.bias = params->bias[channel];
    factors.multiplier = params->multipliers[channel];
    factors.shift = params->shifts[channel];
    return factors;
}

/**
 * Where the weights of an output channel are. `packed` is the layer's packed weights, which are unpacked to the end of
 * the memory for weights, behind what is made of them; or the constant NULL.
 */
PQS_INLINE pqs_channel_taps pqs_find_taps(const pqs_depthwise_conv2d_params *params,
                                          const pqs_packed_depthwise_conv2d_params *packed,
                                          int32_t channel,
                                          int32_t *weights)
{
    pqs_channel_taps taps;
    if (packed != NULL) {
        const int32_t end = PQS_DEPTHWISE_WEIGHTS_SIZE(params->kernel_height, params->kernel_width);
        int8_t *const unpacked = (int8_t *)weights + end - pqs_unpacked_size(params);
        pqs_unpack_weights(packed, channel, unpacked);
        taps.first = unpacked;
        taps.step = 1;
    } else {
        taps.first = params->weights + channel;
        taps.step = params->input_channels * params->depth_multiplier;
    }
    return taps;
}

#if defined(PQS_NO_LONG_MULTIPLY)

PQS_NOINLINE void pqs_convolve_3x3_double(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_DOUBLE, 0);
}

PQS_NOINLINE void pqs_convolve_3x3_single(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_SINGLE, 0);
}

/* With short multipliers, see pqs_requantize.h. */

PQS_NOINLINE void pqs_convolve_3x3_double_short(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_DOUBLE, 1);
}

PQS_NOINLINE void pqs_convolve_3x3_single_short(const pqs_strip *strip, const pqs_factors_3x3 *factors, int8_t *output)
{
    pqs_convolve_3x3(strip, factors, output, PQS_ROUNDING_SINGLE, 1);
}

/** Computes an output channel of a strip if it is one for kernels of 3x3 taps, and returns whether it was. */
PQS_INLINE int pqs_convolve_channel_3x3(const pqs_depthwise_conv2d_params *params,
                                        const pqs_strip *strip,
                                        const pqs_plane_factors *factors,
                                        pqs_channel_taps taps,
                                        int32_t *weights,
                                        int8_t *output,
                                        int rounding)
{
    if (!pqs_is_3x3(params) || !pqs_suits_3x3(factors, rounding)) {
        return 0;
    }
    pqs_factors_3x3 scaled = pqs_make_factors_3x3(factors, strip->zero_point, rounding);
    scaled.bias -= pqs_take_weights_3x3(taps, weights);
    if (pqs_is_short(factors->multiplier, factors->shift, rounding)) {
        scaled.factors.multiplier = pqs_short_factor(factors->multiplier, rounding);
        if (rounding == PQS_ROUNDING_DOUBLE) {
            pqs_convolve_3x3_double_short(strip, &scaled, output);
        } else {
            pqs_convolve_3x3_single_short(strip, &scaled, output);
        }
    } else if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_convolve_3x3_double(strip, &scaled, output);
    } else {
        pqs_convolve_3x3_single(strip, &scaled, output);
    }
    return 1;
}

#else

PQS_NOINLINE int32_t pqs_convolve_wide_columns_double(const pqs_word_strip *strip, int8_t *output)
{
    return pqs_convolve_wide_columns(strip, output, PQS_ROUNDING_DOUBLE, 0);
}

PQS_NOINLINE int32_t pqs_convolve_wide_columns_double_least(const pqs_word_strip *strip, int8_t *output)
{
    return pqs_convolve_wide_columns(strip, output, PQS_ROUNDING_DOUBLE, 1);
}

PQS_NOINLINE int32_t pqs_convolve_wide_columns_single(const pqs_word_strip *strip, int8_t *output)
{
    return pqs_convolve_wide_columns(strip, output, PQS_ROUNDING_SINGLE, 0);
}

PQS_NOINLINE void pqs_convolve_single_columns_double(const pqs_word_strip *strip, int32_t x, int8_t *output)
{
    pqs_convolve_single_columns(strip, x, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_convolve_single_columns_single(const pqs_word_strip *strip, int32_t x, int8_t *output)
{
    pqs_convolve_single_columns(strip, x, output, PQS_ROUNDING_SINGLE);
}

/** Computes one output channel of a strip in words, whose table is written. */
PQS_INLINE void pqs_convolve_words(const pqs_word_strip *strip, int32_t zero_point, int8_t *output, int rounding)
{
    int32_t x;
    if (rounding == PQS_ROUNDING_SINGLE) {
        x = pqs_convolve_wide_columns_single(strip, output);
    } else if (zero_point == INT8_MIN) {
        x = pqs_convolve_wide_columns_double_least(strip, output);
    } else {
        x = pqs_convolve_wide_columns_double(strip, output);
    }
    if (x == strip->output_width) {
        return;
    }
    if (rounding == PQS_ROUNDING_SINGLE) {
        pqs_convolve_single_columns_single(strip, x, output);
    } else {
        pqs_convolve_single_columns_double(strip, x, output);
    }
}

/** Computes one output channel of a strip in words, if it is one for them, and returns whether it is. */
PQS_INLINE int pqs_convolve_words_channel(const pqs_depthwise_conv2d_params *params,
                                          const pqs_packed_depthwise_conv2d_params *packed,
                                          const pqs_word_strip *strip,
                                          int32_t channel,
                                          int32_t *weights,
                                          int8_t *output,
                                          int rounding)
{
    const pqs_plane_factors factors = pqs_load_plane_factors(params, channel);
    const int32_t zero_point = params->output_zero_point;
    const int32_t scale = pqs_moderate_scale(rounding);
    if (PQS_UNLIKELY(!pqs_suits_3x3(&factors, rounding))) {
        return 0;
    }
    const pqs_channel_taps taps = pqs_find_taps(params, packed, channel, weights);
    const pqs_moderate_factors moderate =
        pqs_make_moderate_factors(factors.multiplier, factors.shift, zero_point, rounding);
    pqs_write_word_table(strip, taps, scale, factors.bias * scale, &moderate);
    pqs_convolve_words(strip, zero_point, output, rounding);
    return 1;
}

/** Computes the strip of one image in words, some planes at a time, and returns whether these are all channels. */
PQS_INLINE int pqs_depthwise_words(const pqs_depthwise_conv2d_params *params,
                                   const pqs_packed_depthwise_conv2d_params *packed,
                                   const pqs_strip *shared_strip,
                                   const int8_t *image,
                                   int32_t *weights,
                                   int8_t *rest,
                                   int8_t *output,
                                   int rounding)
{
    const int32_t channels = params->input_channels;
    pqs_word_strip strip = pqs_make_word_strip(params, shared_strip, weights);
    const int32_t room = 2 * shared_strip->rows * shared_strip->columns - PQS_WORD_TABLE_REST;
    int32_t *const words = (int32_t *)(void *)rest + PQS_WORD_TABLE_REST;
    const int32_t most = 4 * strip.size <= room ? 4 : 1;
    int32_t output_channel = 0;
    int32_t count;
    int all = 1;
    pqs_clear_words(params, most * strip.size, words);
    for (int32_t channel = 0; channel < channels; channel += count) {
        count = channels - channel < most ? 1 : most;
        pqs_lay_planes(params, &strip, shared_strip->origin_y, image + channel, count, words);
        const int32_t *plane = words;
        for (int32_t i = 0; i < count; i++) {
            strip.plane = plane;
            for (int32_t left = params->depth_multiplier; left > 0; left--) {
                all &=
                    pqs_convolve_words_channel(params, packed, &strip, output_channel++, weights, output++, rounding);
            }
            plane += strip.size;
        }
    }
    return all;
}

#endif

/**
 * Computes one output channel of a strip by the function of the form that the last argument, a constant, names.
 * `packed` is the layer's packed weights or the constant NULL.
 */
PQS_INLINE void pqs_convolve_channel(const pqs_depthwise_conv2d_params *params,
                                     const pqs_packed_depthwise_conv2d_params *packed,
                                     const pqs_strip *strip,
                                     int32_t channel,
                                     int32_t *weights,
                                     int8_t *output,
                                     int rounding)
{
    pqs_plane_factors factors = pqs_load_plane_factors(params, channel);
#if !defined(PQS_NO_LONG_MULTIPLY)
    if (pqs_is_3x3(params) && pqs_suits_3x3(&factors, rounding)) {
        return; /* It has been computed in words. */
    }
#endif
    const pqs_channel_taps taps = pqs_find_taps(params, packed, channel, weights);
#if defined(PQS_NO_LONG_MULTIPLY)
    if (pqs_convolve_channel_3x3(params, strip, &factors, taps, weights, output, rounding)) {
        return;
    }
#endif
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
                                    int32_t *weights,
                                    int8_t *rest,
                                    int8_t *output,
                                    int rounding)
{
    const int32_t channels = params->input_channels;
    pqs_plane *const planes = (pqs_plane *)(void *)rest;
    int32_t output_channel = 0;
#if !defined(PQS_NO_LONG_MULTIPLY)
    if (pqs_is_3x3(params) && pqs_depthwise_words(params, packed, strip, image, weights, rest, output, rounding)) {
        return;
    }
#endif
    pqs_clear_planes(params, strip, planes);
    for (int32_t channel = 0; channel < channels; channel += PQS_PLANES) {
        const int32_t count = pqs_min(PQS_PLANES, channels - channel);
        pqs_gather_planes(params, strip, image, channel, count, planes);
        const pqs_plane *plane = planes;
        for (int32_t i = 0; i < count; i++) {
            strip->plane = plane;
            int32_t left = params->depth_multiplier;
            do {
                pqs_convolve_channel(params, packed, strip, output_channel++, weights, output++, rounding);
                left--;
            } while (left > 0);
            plane += strip->rows * strip->columns;
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
    const int32_t width =
        (params->output_width - 1) * params->stride_width + (params->kernel_width - 1) * params->dilation_width + 1;
    int8_t *const rest = scratch + PQS_DEPTHWISE_WEIGHTS_SIZE(params->kernel_height, params->kernel_width);
    int8_t *const first_output = output;
    int32_t *const weights = (int32_t *)(void *)scratch;
    pqs_strip strip;
    strip.output_width = params->output_width;
    strip.output_step = channels * params->depth_multiplier;
    strip.columns = width + width % 2;
    strip.row_step = params->dilation_height * strip.columns;
    strip.stride_width = params->stride_width;
    strip.zero_point = params->output_zero_point;
    strip.weights = weights;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        for (int32_t y = 0; y < params->output_height; y += params->strip_rows) {
            strip.output_rows = pqs_min(params->strip_rows, params->output_height - y);
            /* From a single row no step leads on, and a stride may be any number then. */
            strip.stride_height = strip.output_rows > 1 ? params->stride_height : 0;
            strip.origin_y = y * params->stride_height - params->padding_top;
            strip.rows = (strip.output_rows - 1) * params->stride_height + extent;
#if defined(PQS_MVE)
            if (params->depth_multiplier == 1 && channels >= PQS_DEPTHWISE_LANES) {
                pqs_depthwise_strip_helium(params, packed, &strip, input, scratch, rest, output, rounding);
            } else {
                pqs_depthwise_strip(params, packed, &strip, input, weights, rest, output, rounding);
            }
#else
            pqs_depthwise_strip(params, packed, &strip, input, weights, rest, output, rounding);
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
