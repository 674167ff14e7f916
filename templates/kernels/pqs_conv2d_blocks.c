/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix_columns_blocks.h"
#include "pqs_saturate.h"

#if !defined(PQS_MVE)

/** Stores a channel's outputs of a block. */
PQS_INLINE void pqs_block_output(const pqs_matrix *matrix,
                                 int32_t channel,
                                 const int32_t sums[PQS_BLOCK_PIXELS],
                                 int32_t count,
                                 int8_t *output,
                                 int rounding)
{
    const int32_t bias = matrix->bias[channel];
    const int32_t multiplier = matrix->multipliers[channel];
    const int32_t shift = matrix->shifts[channel];
    const int32_t step = matrix->channels;
    output += channel;
    if (pqs_is_short(multiplier, shift, rounding)) {
        const int32_t factor = pqs_short_factor(multiplier, rounding);
        for (int32_t pixel = 0; pixel < count; pixel++) {
            *output = (int8_t)pqs_requantize_short(sums[pixel] + bias, factor, shift, matrix->zero_point, rounding);
            output += step;
            PQS_OPAQUE(output);
        }
        return;
    }
    for (int32_t pixel = 0; pixel < count; pixel++) {
        const int32_t sum = sums[pixel] + bias;
        *output = (int8_t)pqs_requantize(sum, multiplier, shift, matrix->zero_point, rounding);
        output += step;
        PQS_OPAQUE(output);
    }
}

/** Computes `count` pixels of a block. */
PQS_INLINE void pqs_block(
    const pqs_matrix *shared_matrix, const int32_t *words, int32_t count, int8_t *output, int rounding)
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
                &matrix, channel + other, sums + other * PQS_BLOCK_PIXELS, count, output, rounding);
        }
        weights += PQS_BLOCK_CHANNELS * matrix.depth;
    }
    pqs_clamp_elements(output, count * matrix.channels, matrix.lowest, matrix.highest);
}

/* Out of line, one for each form, so that the registers are the loops' alone. */

PQS_NOINLINE void pqs_block_double(const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output)
{
    pqs_block(matrix, words, count, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_block_single(const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output)
{
    pqs_block(matrix, words, count, output, PQS_ROUNDING_SINGLE);
}

/** Computes a block by the function of the form that the last argument, a constant, names. */
PQS_INLINE void pqs_block_of(
    const pqs_matrix *matrix, const int32_t *words, int32_t count, int8_t *output, int rounding)
{
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_block_double(matrix, words, count, output);
    } else {
        pqs_block_single(matrix, words, count, output);
    }
}

/* ---- Moderate sums of one run of products, whose outputs are computed in registers ---- */

#if defined(PQS_NO_LONG_MULTIPLY)

/** Registers have no room for them. */
PQS_INLINE int pqs_is_moderate_matrix(const pqs_matrix *matrix, int rounding)
{
    (void)matrix;
    (void)rounding;
    return 0;
}

PQS_INLINE void
pqs_moderate_block_of(const pqs_matrix *matrix, const int32_t *words, int8_t *output, int rounding)
{
    (void)matrix;
    (void)words;
    (void)output;
    (void)rounding;
}

#else

/** True where that is what all channels have. */
PQS_INLINE int pqs_is_moderate_matrix(const pqs_matrix *matrix, int rounding)
{
    int moderate = matrix->depth <= PQS_LANE_PRODUCTS;
    for (int32_t channel = 0; channel < matrix->channels; channel++) {
        moderate = moderate && pqs_shifts_moderately(matrix->shifts[channel], rounding) &&
                   pqs_is_moderate(matrix->bias[channel]);
    }
    return moderate;
}

/** Stores a channel's outputs of a full block. */
PQS_INLINE void pqs_store_block(
    const pqs_matrix *matrix, int32_t channel, int64_t lanes0, int64_t lanes1, int8_t *output, int rounding)
{
    const pqs_moderate_factors factors = pqs_make_moderate_factors(
        matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
    const int32_t scale = pqs_moderate_scale(rounding);
    const int32_t step = matrix->channels;
    const int32_t high = matrix->bias[channel] * scale;
    const int32_t low = high - PQS_LANE_START * scale;
    output += channel;
    *output = (int8_t)pqs_requantize_moderate(pqs_low_lane(lanes0) * scale + low, &factors, rounding);
    output += step;
    *output = (int8_t)pqs_requantize_moderate(pqs_high_lane(lanes0) * scale + high, &factors, rounding);
    output += step;
    *output = (int8_t)pqs_requantize_moderate(pqs_low_lane(lanes1) * scale + low, &factors, rounding);
    output += step;
    *output = (int8_t)pqs_requantize_moderate(pqs_high_lane(lanes1) * scale + high, &factors, rounding);
}

/** Computes a full block. */
PQS_INLINE void
pqs_moderate_block(const pqs_matrix *shared_matrix, const int32_t *words, int8_t *output, int rounding)
{
    /* A copy, which stores to the output cannot change. */
    const pqs_matrix matrix = *shared_matrix;
    const int8_t *weights = matrix.weights;
    for (int32_t channel = 0; channel < matrix.channels; channel += PQS_BLOCK_CHANNELS) {
        const int has_other = channel + 1 < matrix.channels;
        int64_t lanes[4] = {PQS_LANE_START, PQS_LANE_START, PQS_LANE_START, PQS_LANE_START};
        pqs_block_inputs inputs;
        inputs.weights0 = weights;
        inputs.weights1 = has_other ? weights + matrix.depth : weights;
        inputs.words = words;
        pqs_block_steps(&inputs, matrix.depth, lanes);
        weights = inputs.weights1;
        pqs_store_block(&matrix, channel, lanes[0], lanes[1], output, rounding);
        if (has_other) {
            pqs_store_block(&matrix, channel + 1, lanes[2], lanes[3], output, rounding);
        }
    }
    pqs_clamp_elements(output, PQS_BLOCK_PIXELS * matrix.channels, matrix.lowest, matrix.highest);
}

PQS_NOINLINE void pqs_moderate_block_double(const pqs_matrix *matrix, const int32_t *words, int8_t *output)
{
    pqs_moderate_block(matrix, words, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_moderate_block_single(const pqs_matrix *matrix, const int32_t *words, int8_t *output)
{
    pqs_moderate_block(matrix, words, output, PQS_ROUNDING_SINGLE);
}

/** Computes a full block by the function of the form that the last argument, a constant, names. */
PQS_INLINE void
pqs_moderate_block_of(const pqs_matrix *matrix, const int32_t *words, int8_t *output, int rounding)
{
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_moderate_block_double(matrix, words, output);
    } else {
        pqs_moderate_block_single(matrix, words, output);
    }
}

#endif

/** Where a pixel's window is in the input. */
typedef struct {
    const int8_t *image;
    int32_t origin_y;
    int32_t origin_x;
} pqs_window;

/** Gathers a row of a window's taps, not all of which lie inside the input. */
PQS_NOINLINE void
pqs_gather_window_row(const pqs_conv2d_params *params, const pqs_window *window, int32_t y, int8_t *gathered)
{
    const int32_t channels = params->input_channels;
    const int32_t step = params->dilation_width;
    const int is_inside = y >= 0 && y < params->input_height;
    const uint32_t width = is_inside ? (uint32_t)params->input_width : 0u; /* none of a row outside lies inside */
    const int8_t *const source = is_inside ? window->image + y * params->input_width * channels : window->image;
    int32_t x = window->origin_x;
    if (channels == 1) {
        /* Apart, since such copies of one element would be most of a small layer's time. */
        for (int32_t taps = params->kernel_width; taps > 0; taps--) {
            int32_t value = params->input_zero_point;
            if ((uint32_t)x < width) {
                value = source[x];
            }
            *gathered++ = (int8_t)value;
            PQS_OPAQUE(gathered);
            x += step;
        }
        return;
    }
    for (int32_t taps = params->kernel_width; taps > 0; taps--) {
        if ((uint32_t)x < width) {
            pqs_copy(gathered, source + x * channels, channels);
        } else {
            pqs_set(gathered, params->input_zero_point, channels);
        }
        gathered += channels;
        x += step;
    }
}

/** True where each row of a window's taps is a run of elements, none of which lies left or right of the input. */
PQS_INLINE int pqs_has_runs(const pqs_conv2d_params *params, const pqs_window *window)
{
    return window->origin_x >= 0 && window->origin_x + params->kernel_width <= params->input_width &&
           params->dilation_width == 1;
}

/** A row of a window's taps: where they are if they are a run inside the input, else gathered. */
PQS_INLINE const int8_t *pqs_get_window_row(
    const pqs_conv2d_params *params, const pqs_window *window, int has_runs, int32_t row, int8_t *gathered)
{
    const int32_t y = window->origin_y + row * params->dilation_height;
    if (PQS_LIKELY(has_runs && (uint32_t)y < (uint32_t)params->input_height)) {
        return window->image + (y * params->input_width + window->origin_x) * params->input_channels;
    }
    pqs_gather_window_row(params, window, y, gathered);
    return gathered;
}

/** Lays out pixel `index` of a block; see pqs_lay_pixel. There is room for two rows of taps behind the words. */
PQS_NOINLINE void pqs_lay_window(const pqs_conv2d_params *params,
                                 const pqs_window *before,
                                 const pqs_window *window,
                                 int32_t index,
                                 int32_t *words)
{
    const int32_t row_size = params->kernel_width * params->input_channels;
    int8_t *const gathered = (int8_t *)(words + params->kernel_height * row_size * PQS_BLOCK_WORDS);
    if (PQS_LAYS_PAIRS && index % 2 == 0) {
        return;
    }
    const int has_runs = pqs_has_runs(params, window);
    const int had_runs = pqs_has_runs(params, before);
    for (int32_t row = 0; row < params->kernel_height; row++) {
        const int8_t *const taps = pqs_get_window_row(params, window, has_runs, row, gathered);
        const int8_t *const taps_before =
            PQS_LAYS_PAIRS ? pqs_get_window_row(params, before, had_runs, row, gathered + row_size) : taps;
        pqs_lay_pixel(taps_before, taps, row_size, index, words);
        words += row_size * PQS_BLOCK_WORDS;
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
    const int is_moderate = pqs_is_moderate_matrix(&matrix, rounding);
    int8_t *const first_output = output;
    int32_t *const words = (int32_t *)(void *)scratch;
    pqs_window window = {input, 0, 0};
    pqs_window before = window;
    int32_t count = 0;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        window.origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            window.origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                pqs_lay_window(params, &before, &window, count, words);
                before = window;
                count++;
                if (count == PQS_BLOCK_PIXELS) {
                    if (is_moderate) {
                        pqs_moderate_block_of(&matrix, words, output, rounding);
                    } else {
                        PQS_OPAQUE(count); /* lest there be a copy of the function for this number */
                        pqs_block_of(&matrix, words, count, output, rounding);
                    }
                    output += count * matrix.channels;
                    count = 0;
                }
                window.origin_x += params->stride_width;
            }
            window.origin_y += params->stride_height;
        }
        window.image += params->input_height * params->input_width * params->input_channels;
    }
    if (count > 0) {
        /* What is missing of the last block is computed like its last pixel, and not stored. */
        for (int32_t index = count; index < PQS_BLOCK_PIXELS; index++) {
            pqs_lay_window(params, &before, &before, index, words);
        }
        pqs_block_of(&matrix, words, count, output, rounding);
    }
    pqs_saturate_conv2d(params, first_output, rounding, exact);
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
