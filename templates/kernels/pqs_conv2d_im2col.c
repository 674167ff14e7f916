/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix.h"

/** Gathers the taps of the window at (origin_y, origin_x) of one image, the zero point where it lies outside. */
PQS_INLINE void pqs_gather_column(
    const pqs_conv2d_params *params, const int8_t *image, int32_t origin_y, int32_t origin_x, int8_t *column)
{
    const int32_t channels = params->input_channels;
    const int32_t row_size = params->kernel_width * channels;
    const int padding = (int)params->input_zero_point;
    const pqs_taps taps = pqs_clip_taps(origin_x, params->kernel_width, params->dilation_width, params->input_width);
    for (int32_t tap_y = 0; tap_y < params->kernel_height; tap_y++) {
        const int32_t y = origin_y + tap_y * params->dilation_height;
        if (y < 0 || y >= params->input_height || taps.count <= 0) {
            memset(column, padding, (size_t)row_size);
            column += row_size;
            continue;
        }
        if (taps.count < params->kernel_width) {
            memset(column, padding, (size_t)row_size);
        }
        const int32_t x = origin_x + taps.first * params->dilation_width;
        const int8_t *source = image + (y * params->input_width + x) * channels;
        int8_t *target = column + taps.first * channels;
        if (params->dilation_width == 1) {
            memcpy(target, source, (size_t)(taps.count * channels));
        } else {
            for (int32_t tap_x = 0; tap_x < taps.count; tap_x++) {
                memcpy(target, source, (size_t)channels);
                source += params->dilation_width * channels;
                target += channels;
            }
        }
        column += row_size;
    }
}

/* Pixels are taken in pairs, across the ends of rows and batches. */
PQS_INLINE void pqs_conv2d_im2col(const pqs_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  int8_t *scratch,
                                  int rounding,
                                  int exact)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const pqs_matrix matrix = pqs_conv2d_matrix(params, depth);
    int8_t *const first = scratch;
    int8_t *const second = scratch + depth;
    int8_t *column = first;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                pqs_gather_column(params, input, origin_y, origin_x, column);
                if (column == first) {
                    column = second;
                } else {
                    int8_t *next = output + matrix.channels;
                    pqs_two_columns(&matrix, first, second, output, next, rounding, exact);
                    output = next + matrix.channels;
                    column = first;
                }
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * params->input_channels;
    }
    if (column == second) {
        pqs_column(&matrix, first, output, rounding, exact);
    }
}

void pqs_conv2d_im2col_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_conv2d_im2col_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_conv2d_im2col_double_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_conv2d_im2col_single_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_EXACT);
}
