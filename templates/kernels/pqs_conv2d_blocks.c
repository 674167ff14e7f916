/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix_columns_blocks.h"

#if !defined(PQS_MVE)

/** Products of fewer weights add up to moderate sums. */
#define PQS_BLOCK_MODERATE_DEPTH (1 << 13)

/** Stores a channel's outputs of a block. */
PQS_INLINE void pqs_block_output(const pqs_matrix *matrix,
                                 int32_t channel,
                                 const int32_t sums[PQS_BLOCK_PIXELS],
                                 int32_t count,
                                 int8_t *output,
                                 int rounding,
                                 int exact)
{
    const int32_t bias = matrix->bias[channel];
    const int32_t multiplier = matrix->multipliers[channel];
    const int32_t shift = matrix->shifts[channel];
    const int32_t step = matrix->channels;
    const int32_t least = exact ? matrix->least_sums[channel] : 0;
    const int32_t greatest = exact ? least + matrix->sum_span : 0;
    output += channel;
#if !defined(PQS_NO_LONG_MULTIPLY)
    /* Where products are out of line, moderate sums gain nothing. */
    if (!exact && count == PQS_BLOCK_PIXELS && PQS_LIKELY(pqs_shifts_moderately(shift, rounding)) &&
        pqs_is_moderate(bias) && matrix->depth < PQS_BLOCK_MODERATE_DEPTH) {
        const pqs_moderate_factors factors = pqs_make_moderate_factors(multiplier, shift, matrix->zero_point, rounding);
        const int32_t scale = pqs_moderate_scale(rounding);
        for (int32_t pixel = 0; pixel < PQS_BLOCK_PIXELS; pixel++) {
            *output = (int8_t)pqs_requantize_moderate((sums[pixel] + bias) * scale, &factors, rounding);
            output += step;
            PQS_OPAQUE(output);
        }
        return;
    }
#endif
    if (pqs_is_short(multiplier, shift, rounding)) {
        const int32_t factor = pqs_short_factor(multiplier, rounding);
        for (int32_t pixel = 0; pixel < count; pixel++) {
            int32_t sum = sums[pixel] + bias;
            if (exact) {
                sum = pqs_clamp(sum, least, greatest);
            }
            *output = (int8_t)pqs_requantize_short(sum, factor, shift, matrix->zero_point, rounding);
            output += step;
            PQS_OPAQUE(output);
        }
        return;
    }
    for (int32_t pixel = 0; pixel < count; pixel++) {
        int32_t sum = sums[pixel] + bias;
        if (exact) {
            sum = pqs_clamp(sum, least, greatest);
        }
        *output = (int8_t)pqs_requantize(sum, multiplier, shift, matrix->zero_point, rounding);
        output += step;
        PQS_OPAQUE(output);
    }
}

/** Computes `count` pixels of a block. */
PQS_INLINE void pqs_block(
    const pqs_matrix *shared_matrix, const int32_t *words, int32_t count, int8_t *output, int rounding, int exact)
{
    /* A copy, which stores to the output cannot change. */
    const pqs_matrix matrix = *shared_matrix;
    const int8_t *weights = matrix.weights;
    for (int32_t channel = 0; channel < matrix.channels; channel += PQS_BLOCK_CHANNELS) {
        /* Where the channels are odd, the last is computed twice. */
        const int32_t others = pqs_min(matrix.channels - channel, PQS_BLOCK_CHANNELS) - 1;
        int32_t sums[PQS_BLOCK_CHANNELS * PQS_BLOCK_PIXELS];
        pqs_block_sums(weights, others * matrix.depth, words, matrix.depth, sums);
        for (int32_t other = 0; other <= others; other++) {
            pqs_block_output(
                &matrix, channel + other, sums + other * PQS_BLOCK_PIXELS, count, output, rounding, exact);
        }
        weights += PQS_BLOCK_CHANNELS * matrix.depth;
    }
    pqs_clamp_elements(output, count * matrix.channels, matrix.lowest, matrix.highest);
}

/* Out of line, one for each form, so that the registers are the loops' alone. */

PQS_NOINLINE void pqs_block_double(const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output)
{
    pqs_block(matrix, words, count, output, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

PQS_NOINLINE void pqs_block_single(const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output)
{
    pqs_block(matrix, words, count, output, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

PQS_NOINLINE void pqs_block_double_exact(const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output)
{
    pqs_block(matrix, words, count, output, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

PQS_NOINLINE void pqs_block_single_exact(const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output)
{
    pqs_block(matrix, words, count, output, PQS_ROUNDING_SINGLE, PQS_EXACT);
}

/** Computes a block by the function of the form that both last arguments, constants, name. */
PQS_INLINE void pqs_block_of(
    const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output, int rounding, int exact)
{
    if (rounding == PQS_ROUNDING_DOUBLE && exact) {
        pqs_block_double_exact(matrix, words, count, output);
    } else if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_block_double(matrix, words, count, output);
    } else if (exact) {
        pqs_block_single_exact(matrix, words, count, output);
    } else {
        pqs_block_single(matrix, words, count, output);
    }
}

PQS_INLINE void pqs_conv2d_blocks(const pqs_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  int8_t *scratch,
                                  int rounding,
                                  int exact)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const pqs_matrix matrix = pqs_conv2d_matrix(params, depth);
    const int is_1x1 = pqs_is_1x1(params);
    int32_t *const words = (int32_t *)(void *)scratch;
    int8_t *const columns = scratch + depth * (int32_t)sizeof(int32_t) * PQS_BLOCK_WORDS;
    const int8_t *column = columns;
    int32_t count = 0;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                const int8_t *const before = column;
                if (is_1x1) {
                    column = input + (origin_y * params->input_width + origin_x) * depth;
                } else {
                    int8_t *const gathered = columns + count % 2 * depth;
                    pqs_gather_column(params, input, origin_y, origin_x, gathered);
                    column = gathered;
                }
                pqs_lay_pixel(before, column, depth, count, words);
                count++;
                if (count == PQS_BLOCK_PIXELS) {
                    pqs_block_of(&matrix, words, count, output, rounding, exact);
                    output += count * matrix.channels;
                    count = 0;
                }
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * params->input_channels;
    }
    if (count > 0) {
        /* What is missing of the last block is computed like its last pixel, and not stored. */
        for (int32_t index = count; index < PQS_BLOCK_PIXELS; index++) {
            pqs_lay_pixel(column, column, depth, index, words);
        }
        pqs_block_of(&matrix, words, count, output, rounding, exact);
    }
}

void pqs_conv2d_blocks_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    pqs_conv2d_blocks(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_conv2d_blocks_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    pqs_conv2d_blocks(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_conv2d_blocks_double_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    pqs_conv2d_blocks(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_conv2d_blocks_single_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    pqs_conv2d_blocks(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_EXACT);
}

#else

/* Helium is faster by rows. */

void pqs_conv2d_blocks_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    if (pqs_is_1x1(params)) {
        pqs_conv2d_1x1_double(params, input, output);
    } else {
        pqs_conv2d_im2col_double(params, input, output, scratch);
    }
}

void pqs_conv2d_blocks_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    if (pqs_is_1x1(params)) {
        pqs_conv2d_1x1_single(params, input, output);
    } else {
        pqs_conv2d_im2col_single(params, input, output, scratch);
    }
}

void pqs_conv2d_blocks_double_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    if (pqs_is_1x1(params)) {
        pqs_conv2d_1x1_double_exact(params, input, output);
    } else {
        pqs_conv2d_im2col_double_exact(params, input, output, scratch);
    }
}

void pqs_conv2d_blocks_single_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    if (pqs_is_1x1(params)) {
        pqs_conv2d_1x1_single_exact(params, input, output);
    } else {
        pqs_conv2d_im2col_single_exact(params, input, output, scratch);
    }
}

#endif
