/* SPDX-License-Identifier: MIT-0 */
#include "pqs_internal.h"

/** Maximum of a window's taps for one channel. */
PQS_INLINE int32_t pqs_max_window(const pqs_pool_window *window, int32_t channel)
{
    int32_t result = INT8_MIN;
    const int8_t *row = window->input + channel;
    for (int32_t rows = window->rows; rows > 0; rows--) {
        const int8_t *tap = row;
        for (int32_t left = window->columns; left > 0; left--) {
            result = pqs_max(result, *tap);
            tap += window->step;
        }
        row += window->row_step;
    }
    return result;
}

#if defined(PQS_DSP)

/** Maxima of a window's taps for four channels. */
PQS_INLINE uint32_t pqs_max_window4(const pqs_pool_window *window, int32_t channel)
{
    uint32_t result = 0x80808080u;
    const int8_t *row = window->input + channel;
    for (int32_t rows = window->rows; rows > 0; rows--) {
        const int8_t *tap = row;
        for (int32_t left = window->columns; left > 0; left--) {
            result = pqs_max_lanes(result, pqs_load4(tap));
            tap += window->step;
        }
        row += window->row_step;
    }
    return result;
}

#else

/** Maxima of a window's taps for four channels. */
PQS_INLINE void pqs_max_window4(const pqs_pool_window *window, int32_t channel, int32_t results[4])
{
    const int8_t *row = window->input + channel;
    for (int32_t rows = window->rows; rows > 0; rows--) {
        const int8_t *tap = row;
        for (int32_t left = window->columns; left > 0; left--) {
            results[0] = pqs_max(results[0], tap[0]);
            results[1] = pqs_max(results[1], tap[1]);
            results[2] = pqs_max(results[2], tap[2]);
            results[3] = pqs_max(results[3], tap[3]);
            tap += window->step;
        }
        row += window->row_step;
    }
}

#endif

void pqs_max_pool_2d(const pqs_pool_2d_params *params, const int8_t *input, int8_t *output)
{
    const int32_t channels = params->channels;
    const int32_t lowest = params->activation_min;
    const int32_t highest = params->activation_max;
#if defined(PQS_DSP)
    const uint32_t lowest4 = ((uint32_t)lowest & 0xFFu) * 0x01010101u;
    const uint32_t highest4 = ((uint32_t)highest & 0xFFu) * 0x01010101u;
#endif
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            const pqs_taps rows = pqs_clip_taps(origin_y, params->filter_height, 1, params->input_height);
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                const pqs_pool_window window = pqs_clip_pool_window(params, input, rows, origin_y, origin_x);
                int32_t channel = 0;
                for (; channel + 4 <= channels; channel += 4) {
#if defined(PQS_DSP)
                    uint32_t result = pqs_max_window4(&window, channel);
                    result = pqs_min_lanes(pqs_max_lanes(result, lowest4), highest4);
                    pqs_store4(output, result);
                    output += 4;
#else
                    int32_t results[4] = {INT8_MIN, INT8_MIN, INT8_MIN, INT8_MIN};
                    pqs_max_window4(&window, channel, results);
                    for (int32_t lane = 0; lane < 4; lane++) {
                        *output++ = (int8_t)pqs_clamp(results[lane], lowest, highest);
                    }
#endif
                }
                for (; channel < channels; channel++) {
                    const int32_t result = pqs_max_window(&window, channel);
                    *output++ = (int8_t)pqs_clamp(result, lowest, highest);
                }
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * channels;
    }
}
