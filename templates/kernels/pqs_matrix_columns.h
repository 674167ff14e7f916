/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_matrix_columns.h
 * @brief The inputs of one pixel of a convolution, as a column.
 */
#ifndef PQS_MATRIX_COLUMNS_H
#define PQS_MATRIX_COLUMNS_H

#include "pqs_matrix.h"

/** True where each window is one pixel of the input, which is its column already. */
PQS_INLINE int pqs_is_1x1(const pqs_conv2d_params *params)
{
    return params->kernel_height == 1 && params->kernel_width == 1 && params->padding_top == 0 &&
           params->padding_left == 0 && (params->output_height - 1) * params->stride_height < params->input_height &&
           (params->output_width - 1) * params->stride_width < params->input_width;
}

/** Gathers one row of a window's taps, the zero point where it lies outside. `source` is of the first tap inside. */
PQS_INLINE void pqs_gather_row(const pqs_conv2d_params *params, pqs_taps taps, const int8_t *source, int8_t *target)
{
    const int32_t channels = params->input_channels;
    const int32_t count = pqs_max(taps.count, 0);
    const int32_t before = pqs_min(taps.first, params->kernel_width);
    const int32_t together = params->dilation_width == 1 ? count : 1;
    pqs_set(target, params->input_zero_point, before * channels);
    target += before * channels;
    for (int32_t tap = 0; tap < count; tap += together) {
        pqs_copy(target, source, together * channels);
        target += together * channels;
        source += params->dilation_width * channels;
    }
    pqs_set(target, params->input_zero_point, (params->kernel_width - before - count) * channels);
}

/** Gathers the taps of the window at (origin_y, origin_x) of one image. */
PQS_INLINE void pqs_gather_column(
    const pqs_conv2d_params *params, const int8_t *image, int32_t origin_y, int32_t origin_x, int8_t *column)
{
    const int32_t row_size = params->kernel_width * params->input_channels;
    const int32_t row_step = params->dilation_height * params->input_width * params->input_channels;
    const pqs_taps taps = pqs_clip_taps(origin_x, params->kernel_width, params->dilation_width, params->input_width);
    const int whole = taps.count == params->kernel_width && params->dilation_width == 1;
    const int32_t x = origin_x + taps.first * params->dilation_width;
    const int8_t *source = image + (origin_y * params->input_width + x) * params->input_channels;
    int32_t y = origin_y;
    for (int32_t rows = params->kernel_height; rows > 0; rows--) {
        if (y < 0 || y >= params->input_height) {
            pqs_set(column, params->input_zero_point, row_size);
        } else if (PQS_LIKELY(whole)) {
            pqs_copy(column, source, row_size);
        } else {
            pqs_gather_row(params, taps, source, column);
        }
        column += row_size;
        source += row_step;
        y += params->dilation_height;
    }
}

#endif /* PQS_MATRIX_COLUMNS_H */
