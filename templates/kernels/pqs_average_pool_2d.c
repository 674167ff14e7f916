/* SPDX-License-Identifier: MIT-0 */
#include "pqs_internal.h"

/** The quotient rounded half away from zero. */
PQS_INLINE int32_t pqs_divide_rounded(int32_t sum, int32_t count)
{
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

#if defined(PQS_DSP)

/** Adds four halves, even lanes and odd lanes, to the lanes' sums. */
PQS_INLINE void pqs_add_halves(uint32_t even, uint32_t odd, int32_t sums[4])
{
    sums[0] = pqs_multiply_add_low(even, 1, sums[0]);
    sums[1] = pqs_multiply_add_low(odd, 1, sums[1]);
    sums[2] = pqs_multiply_add_high(even, 0x10000, sums[2]);
    sums[3] = pqs_multiply_add_high(odd, 0x10000, sums[3]);
}

/** Sums of a window's taps for four channels. Up to 256 taps are summed in 16 bits. */
PQS_INLINE void pqs_sum_window4(const pqs_pool_window *window, int32_t channel, int32_t sums[4])
{
    uint32_t even = 0;
    uint32_t odd = 0;
    int32_t room = 256;
    const int8_t *row = window->input + channel;
    for (int32_t rows = window->rows; rows > 0; rows--) {
        const int8_t *tap = row;
        int32_t left = window->columns;
        while (left > 0) {
            if (room == 0) {
                pqs_add_halves(even, odd, sums);
                even = 0;
                odd = 0;
                room = 256;
            }
            const int32_t run = pqs_min(left, room);
            for (int32_t count = run; count > 0; count--) {
                const uint32_t word = pqs_load4(tap);
                even = pqs_add_even_lanes(even, word);
                odd = pqs_add_odd_lanes(odd, word);
                tap += window->step;
            }
            left -= run;
            room -= run;
        }
        row += window->row_step;
    }
    pqs_add_halves(even, odd, sums);
}

#else

/** Sums of a window's taps for four channels. */
PQS_INLINE void pqs_sum_window4(const pqs_pool_window *window, int32_t channel, int32_t sums[4])
{
    const int8_t *row = window->input + channel;
    for (int32_t rows = window->rows; rows > 0; rows--) {
        const int8_t *tap = row;
        for (int32_t left = window->columns; left > 0; left--) {
            sums[0] += tap[0];
            sums[1] += tap[1];
            sums[2] += tap[2];
            sums[3] += tap[3];
            tap += window->step;
        }
        row += window->row_step;
    }
}

#endif

/** Sum of a window's taps for one channel. */
PQS_INLINE int32_t pqs_sum_window(const pqs_pool_window *window, int32_t channel)
{
    int32_t sum = 0;
    const int8_t *row = window->input + channel;
    for (int32_t rows = window->rows; rows > 0; rows--) {
        const int8_t *tap = row;
        for (int32_t left = window->columns; left > 0; left--) {
            sum += *tap;
            tap += window->step;
        }
        row += window->row_step;
    }
    return sum;
}

void pqs_average_pool_2d(const pqs_pool_2d_params *params, const int8_t *input, int8_t *output)
{
    const int32_t channels = params->channels;
    const int32_t lowest = params->activation_min;
    const int32_t highest = params->activation_max;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            const pqs_taps rows = pqs_clip_taps(origin_y, params->filter_height, 1, params->input_height);
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                const pqs_pool_window window = pqs_clip_pool_window(params, input, rows, origin_y, origin_x);
                const int32_t count = window.rows * window.columns;
                int32_t channel = 0;
                for (; channel + 4 <= channels; channel += 4) {
                    int32_t sums[4] = {0, 0, 0, 0};
                    pqs_sum_window4(&window, channel, sums);
                    for (int32_t lane = 0; lane < 4; lane++) {
                        *output++ = (int8_t)pqs_clamp(pqs_divide_rounded(sums[lane], count), lowest, highest);
                    }
                }
                for (; channel < channels; channel++) {
                    const int32_t sum = pqs_sum_window(&window, channel);
                    *output++ = (int8_t)pqs_clamp(pqs_divide_rounded(sum, count), lowest, highest);
                }
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * channels;
    }
}
