/* SPDX-License-Identifier: MIT-0 */
#include "pqs_narrow.h"

/**
 * Gathers the window at (origin_y, origin_x) of one image, 0 where it lies outside: into one column, or into one for
 * each input channel.
 */
PQS_INLINE void pqs_gather_window(const pqs_narrow_params *params,
                                  const pqs_columns *columns,
                                  const int8_t *image,
                                  int32_t origin_y,
                                  int32_t origin_x,
                                  int depthwise)
{
    const int32_t channels = params->input_channels;
    const int32_t tap_step = depthwise ? 1 : channels;
    const int32_t channel_step = depthwise ? columns->depth : 1;
    const int32_t whole = depthwise ? columns->depth * channels : columns->depth;
    const pqs_taps rows = pqs_clip_taps(origin_y, params->kernel_height, params->dilation_height, params->input_height);
    const pqs_taps taps = pqs_clip_taps(origin_x, params->kernel_width, params->dilation_width, params->input_width);
    if (rows.count < params->kernel_height || taps.count < params->kernel_width) {
        memset(columns->first, 0, (size_t)whole * sizeof *columns->first);
    }
    const int32_t x = origin_x + taps.first * params->dilation_width;
    for (int32_t row = 0; row < rows.count; row++) {
        const int32_t tap_y = rows.first + row;
        const int32_t y = origin_y + tap_y * params->dilation_height;
        const int8_t *source = image + (y * params->input_width + x) * channels;
        int16_t *target = columns->first + (tap_y * params->kernel_width + taps.first) * tap_step;
        if (!depthwise && params->dilation_width == 1) {
            pqs_subtract_zero_point(source, taps.count * channels, params->input_zero_point, target, 1);
            continue;
        }
        for (int32_t tap_x = 0; tap_x < taps.count; tap_x++) {
            pqs_subtract_zero_point(source, channels, params->input_zero_point, target, channel_step);
            source += params->dilation_width * channels;
            target += tap_step;
        }
    }
}

void pqs_gather_column_window(const pqs_narrow_params *params,
                              const pqs_columns *columns,
                              const int8_t *image,
                              int32_t origin_y,
                              int32_t origin_x)
{
    pqs_gather_window(params, columns, image, origin_y, origin_x, 0);
}

void pqs_gather_depthwise_window(const pqs_narrow_params *params,
                                 const pqs_columns *columns,
                                 const int8_t *image,
                                 int32_t origin_y,
                                 int32_t origin_x)
{
    pqs_gather_window(params, columns, image, origin_y, origin_x, 1);
}
