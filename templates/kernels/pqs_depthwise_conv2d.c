/* SPDX-License-Identifier: MIT-0 */
#include "pqs_internal.h"

/** Output channels that are summed at once: as many as fit in registers, and int8_t lanes in a word. */
#define PQS_DEPTHWISE_LANES 4

/** What of one output pixel's window lies inside the input. */
typedef struct {
    const int8_t *input;   /* first tap, channel 0 */
    const int8_t *weights; /* first tap, channel 0 */
    int32_t rows;          /* >= 1, but of no meaning when columns is 0 */
    int32_t columns;       /* 0 when the window lies outside the input */
    int32_t input_step;    /* from tap to tap of a row */
    int32_t input_row_step;
    int32_t weights_step; /* likewise; also the number of output channels */
    int32_t weights_row_step;
    int32_t zero_point;
} pqs_window;

/** What is needed of one output pixel's channels after their sums. */
typedef struct {
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int32_t *least_sums; /* read by exact kernels only, as sum_span */
    int32_t sum_span;
    int32_t zero_point;
} pqs_depthwise_channels;

#if defined(PQS_DSP)

/** Adds one tap of four channels to their sums. `zero_points` holds two negated zero points in halves. */
PQS_INLINE void pqs_depthwise_tap4(const int8_t *input, const int8_t *weights, uint32_t zero_points, int32_t sums[4])
{
    const uint32_t x = pqs_load4(input);
    const uint32_t w = pqs_load4(weights);
    const uint32_t x_even = pqs_add_even_lanes(zero_points, x);
    const uint32_t w_even = pqs_even_lanes(w);
    sums[0] = pqs_multiply_add_low(x_even, w_even, sums[0]);
    sums[2] = pqs_multiply_add_high(x_even, w_even, sums[2]);
    const uint32_t x_odd = pqs_add_odd_lanes(zero_points, x);
    const uint32_t w_odd = pqs_odd_lanes(w);
    sums[1] = pqs_multiply_add_low(x_odd, w_odd, sums[1]);
    sums[3] = pqs_multiply_add_high(x_odd, w_odd, sums[3]);
}

#endif

/** Adds the taps of `lanes` neighbouring output channels to their sums; they read one input channel, or one each. */
PQS_INLINE void pqs_depthwise_sums(const pqs_window *window,
                                   int32_t columns,
                                   int32_t input_channel,
                                   int32_t output_channel,
                                   int32_t lanes,
                                   int shared_input,
                                   int32_t *sums)
{
    const int32_t input_step = window->input_step;
    const int32_t weights_step = window->weights_step;
    const int32_t input_skip = window->input_row_step - columns * input_step;
    const int32_t weights_skip = window->weights_row_step - columns * weights_step;
    const int32_t zero_point = window->zero_point;
    const int8_t *input = window->input + input_channel;
    const int8_t *weights = window->weights + output_channel;
#if defined(PQS_DSP)
    const uint32_t zero_points = ((uint32_t)-zero_point & 0xFFFFu) * 0x10001u;
#endif
    int32_t rows = window->rows;
    do {
        int32_t left = columns;
        do {
#if defined(PQS_DSP)
            if (lanes == PQS_DEPTHWISE_LANES && !shared_input) {
                pqs_depthwise_tap4(input, weights, zero_points, sums);
                input += input_step;
                weights += weights_step;
                continue;
            }
#endif
            for (int32_t lane = 0; lane < lanes; lane++) {
                sums[lane] += (input[shared_input ? 0 : lane] - zero_point) * weights[lane];
            }
            input += input_step;
            weights += weights_step;
            PQS_OPAQUE(input);
        } while (--left > 0);
        input += input_skip;
        weights += weights_skip;
    } while (--rows > 0);
}

/** Computes `lanes` neighbouring output channels of a pixel. The usual width of a window is unrolled. */
PQS_INLINE void pqs_depthwise_block(const pqs_window *window,
                                    const pqs_depthwise_channels *channels,
                                    int32_t input_channel,
                                    int32_t output_channel,
                                    int32_t lanes,
                                    int shared_input,
                                    int8_t *output,
                                    int rounding,
                                    int exact)
{
    const int32_t *multipliers = channels->multipliers + output_channel;
    const int8_t *shifts = channels->shifts + output_channel;
    int32_t sums[PQS_DEPTHWISE_LANES];
    for (int32_t lane = 0; lane < lanes; lane++) {
        sums[lane] = channels->bias[output_channel + lane];
    }
    if (window->columns == 3 && lanes == PQS_DEPTHWISE_LANES && !shared_input) {
        pqs_depthwise_sums(window, 3, input_channel, output_channel, lanes, shared_input, sums);
    } else if (window->columns > 0) {
        pqs_depthwise_sums(window, window->columns, input_channel, output_channel, lanes, shared_input, sums);
    }
    output += output_channel;
    for (int32_t lane = 0; lane < lanes; lane++) {
        if (exact) {
            const int32_t least = channels->least_sums[output_channel + lane];
            sums[lane] = pqs_clamp(sums[lane], least, least + channels->sum_span);
        }
        output[lane] =
            (int8_t)pqs_requantize(sums[lane], multipliers[lane], shifts[lane], channels->zero_point, rounding);
    }
}

/** Computes all channels of a pixel. */
PQS_INLINE void pqs_depthwise_pixel(const pqs_depthwise_conv2d_params *params,
                                    const pqs_window *shared_window,
                                    int8_t *output,
                                    int rounding,
                                    int exact)
{
    /* Copies, which stores to the output cannot change. */
    const pqs_window window = *shared_window;
    const int32_t multiplier = params->depth_multiplier;
    const int32_t input_channels = params->input_channels;
    pqs_depthwise_channels channels;
    channels.bias = params->bias;
    channels.multipliers = params->multipliers;
    channels.shifts = params->shifts;
    channels.least_sums = params->least_sums;
    channels.sum_span = params->sum_span;
    channels.zero_point = params->output_zero_point;
    int32_t channel = 0;
    if (multiplier == 1) {
        for (; channel + PQS_DEPTHWISE_LANES <= input_channels; channel += PQS_DEPTHWISE_LANES) {
            pqs_depthwise_block(&window, &channels, channel, channel, PQS_DEPTHWISE_LANES, 0, output, rounding, exact);
        }
    }
    int32_t output_channel = channel * multiplier;
    for (; channel < input_channels; channel++) {
        int32_t left = multiplier;
        for (; left >= PQS_DEPTHWISE_LANES; left -= PQS_DEPTHWISE_LANES) {
            pqs_depthwise_block(
                &window, &channels, channel, output_channel, PQS_DEPTHWISE_LANES, 1, output, rounding, exact);
            output_channel += PQS_DEPTHWISE_LANES;
        }
        for (; left > 0; left--) {
            pqs_depthwise_block(&window, &channels, channel, output_channel, 1, 1, output, rounding, exact);
            output_channel++;
        }
    }
}

/* Out of line, so that the registers are the window's alone. */

PQS_NOINLINE void
pqs_depthwise_pixel_double(const pqs_depthwise_conv2d_params *params, const pqs_window *window, int8_t *output)
{
    pqs_depthwise_pixel(params, window, output, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

PQS_NOINLINE void
pqs_depthwise_pixel_single(const pqs_depthwise_conv2d_params *params, const pqs_window *window, int8_t *output)
{
    pqs_depthwise_pixel(params, window, output, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

PQS_NOINLINE void
pqs_depthwise_pixel_double_exact(const pqs_depthwise_conv2d_params *params, const pqs_window *window, int8_t *output)
{
    pqs_depthwise_pixel(params, window, output, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

PQS_NOINLINE void
pqs_depthwise_pixel_single_exact(const pqs_depthwise_conv2d_params *params, const pqs_window *window, int8_t *output)
{
    pqs_depthwise_pixel(params, window, output, PQS_ROUNDING_SINGLE, PQS_EXACT);
}

PQS_INLINE void pqs_depthwise_conv2d(
    const pqs_depthwise_conv2d_params *params, const int8_t *input, int8_t *output, int rounding, int exact)
{
    const int32_t channels = params->input_channels;
    const int32_t output_channels = channels * params->depth_multiplier;
    const int32_t row_size = params->input_width * channels;
    pqs_window window;
    window.input_step = params->dilation_width * channels;
    window.input_row_step = params->dilation_height * row_size;
    window.weights_step = output_channels;
    window.weights_row_step = params->kernel_width * output_channels;
    window.zero_point = params->input_zero_point;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            const pqs_taps rows =
                pqs_clip_taps(origin_y, params->kernel_height, params->dilation_height, params->input_height);
            const int32_t first_y = origin_y + rows.first * params->dilation_height;
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                const pqs_taps columns =
                    pqs_clip_taps(origin_x, params->kernel_width, params->dilation_width, params->input_width);
                const int32_t first_x = origin_x + columns.first * params->dilation_width;
                window.rows = rows.count;
                window.columns = 0;
                window.input = input;
                window.weights = params->weights;
                if (rows.count > 0 && columns.count > 0) {
                    window.columns = columns.count;
                    window.input += first_y * row_size + first_x * channels;
                    window.weights += (rows.first * params->kernel_width + columns.first) * output_channels;
                }
                if (rounding == PQS_ROUNDING_DOUBLE && exact) {
                    pqs_depthwise_pixel_double_exact(params, &window, output);
                } else if (rounding == PQS_ROUNDING_DOUBLE) {
                    pqs_depthwise_pixel_double(params, &window, output);
                } else if (exact) {
                    pqs_depthwise_pixel_single_exact(params, &window, output);
                } else {
                    pqs_depthwise_pixel_single(params, &window, output);
                }
                pqs_clamp_elements(output, output_channels, params->activation_min, params->activation_max);
                output += output_channels;
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * row_size;
    }
}

void pqs_depthwise_conv2d_double(const pqs_depthwise_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_depthwise_conv2d(params, input, output, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_depthwise_conv2d_single(const pqs_depthwise_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_depthwise_conv2d(params, input, output, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_depthwise_conv2d_double_exact(const pqs_depthwise_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_depthwise_conv2d(params, input, output, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_depthwise_conv2d_single_exact(const pqs_depthwise_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_depthwise_conv2d(params, input, output, PQS_ROUNDING_SINGLE, PQS_EXACT);
}
