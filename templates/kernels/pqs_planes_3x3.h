/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_planes_3x3.h
 * @brief Depthwise convolution of kernels of 3x3 taps, where there are no long products.
 */
#ifndef PQS_PLANES_3X3_H
#define PQS_PLANES_3X3_H

#include "pqs_planes.h"

#if defined(PQS_NO_LONG_MULTIPLY)

/**
 * Takes the weights of a kernel of 3x3 taps out, row by row.
 *
 * @returns what the bias of planes with an offset has to make up for
 */
PQS_INLINE int32_t pqs_take_weights_3x3(pqs_channel_taps taps, int32_t *weights)
{
    const int32_t step = taps.step;
    const int8_t *source = taps.first;
    int32_t sum = 0;
    for (int32_t row = 0; row < 3; row++) {
        const int32_t w0 = source[0];
        const int32_t w1 = source[step];
        const int32_t w2 = source[2 * step];
        *weights++ = w0;
        *weights++ = w1;
        *weights++ = w2;
        sum += w0 + w1 + w2;
        source += 3 * step;
    }
    return PQS_PLANE_OFFSET * sum;
}

/** The most neighbouring pixels that are computed at once. */
#define PQS_3X3_PIXELS 2

/** Factors as kernels of 3x3 taps use them. */
typedef struct {
    pqs_moderate_factors factors;
    int32_t bias;
} pqs_factors_3x3;

PQS_INLINE pqs_factors_3x3 pqs_make_factors_3x3(const pqs_plane_factors *factors, int32_t zero_point, int rounding)
{
    pqs_factors_3x3 result;
    result.factors = pqs_make_moderate_factors(factors->multiplier, factors->shift, zero_point, rounding);
    result.bias = factors->bias;
    return result;
}

/** The output of a sum. */
PQS_INLINE int32_t pqs_output_3x3(int32_t sum, const pqs_factors_3x3 *factors, int rounding, int is_short)
{
    return is_short ? pqs_requantize_moderate_short(sum, &factors->factors, rounding)
                    : pqs_requantize_moderate(sum, &factors->factors, rounding);
}

/** Adds the products of one row of three taps of `pixels` neighbouring pixels, a constant, to their sums. */
PQS_INLINE void pqs_sum_row(const pqs_plane *taps, const int32_t *weights, int32_t pixels, int32_t *sums)
{
    const int32_t w0 = weights[0];
    const int32_t w1 = weights[1];
    const int32_t w2 = weights[2];
    int32_t x = taps[0];
    sums[0] += w0 * x;
    x = taps[1];
    sums[0] += w1 * x;
    for (int32_t pixel = 1; pixel < pixels; pixel++) {
        sums[pixel] += w0 * x;
        x = taps[pixel + 1];
        sums[pixel] += w1 * x;
        sums[pixel - 1] += w2 * x;
    }
    sums[pixels - 1] += w2 * taps[pixels + 1];
    for (int32_t pixel = 0; pixel < pixels; pixel++) {
        PQS_OPAQUE(sums[pixel]);
    }
}

/** Computes `pixels` neighbouring pixels, a constant, of each row of a strip, the first being `x`. */
PQS_INLINE void pqs_pixels_3x3(const pqs_strip *strip,
                               const pqs_factors_3x3 *factors,
                               int32_t x,
                               int32_t pixels,
                               int8_t *output,
                               int rounding,
                               int is_short)
{
    const int32_t row_step = strip->row_step;
    const int32_t next_row = strip->stride_height * strip->columns - 2 * row_step;
    const int32_t output_step = strip->output_step;
    const int32_t next_output = strip->output_width * output_step;
    const pqs_plane *taps = strip->plane + x * strip->stride_width;
    output += x * output_step;
    for (int32_t rows = strip->output_rows; rows > 0; rows--) {
        int32_t sums[PQS_3X3_PIXELS];
        for (int32_t pixel = 0; pixel < pixels; pixel++) {
            sums[pixel] = factors->bias;
        }
        /* Row by row, lest there be more values at a time than registers. */
        pqs_sum_row(taps, strip->weights, pixels, sums);
        taps += row_step;
        PQS_OPAQUE(taps);
        pqs_sum_row(taps, strip->weights + 3, pixels, sums);
        taps += row_step;
        PQS_OPAQUE(taps);
        pqs_sum_row(taps, strip->weights + 6, pixels, sums);
        taps += next_row;
        for (int32_t pixel = 0; pixel < pixels; pixel++) {
            output[pixel * output_step] = (int8_t)pqs_output_3x3(sums[pixel], factors, rounding, is_short);
        }
        output += next_output;
        PQS_OPAQUE(output);
    }
}

/**
 * Computes one output channel of a strip whose kernel is 3x3, column by column of some pixels. Both last arguments are
 * constants.
 */
PQS_INLINE void pqs_convolve_3x3(
    const pqs_strip *shared_strip, const pqs_factors_3x3 *shared_factors, int8_t *output, int rounding, int is_short)
{
    /* Copies, which stores to the output cannot change. */
    const pqs_factors_3x3 factors = *shared_factors;
    const pqs_strip strip = *shared_strip;
    int32_t x = 0;
    if (strip.stride_width == 1) {
        for (; x + 2 <= strip.output_width; x += 2) {
            pqs_pixels_3x3(&strip, &factors, x, 2, output, rounding, is_short);
        }
    }
    for (; x < strip.output_width; x++) {
        pqs_pixels_3x3(&strip, &factors, x, 1, output, rounding, is_short);
    }
}

#endif /* PQS_NO_LONG_MULTIPLY */

#endif /* PQS_PLANES_3X3_H */
