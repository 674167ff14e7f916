/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_narrow.h
 * @brief Narrow accumulators: dot products one by one.
 */
#ifndef PQS_NARROW_H
#define PQS_NARROW_H

#include "pqs_requantize.h"
#include "pqs_stored.h"

/** The inputs of one output position's dot products. */
typedef struct {
    int16_t *first;   /* x - input_zero_point in natural order; one column, or one for each input channel */
    int16_t *lists;   /* what is left of the scratch */
    int32_t depth;    /* elements of a column */
    int32_t channels; /* output channels of each column */
} pqs_columns;

/** Computes the output channels of one position, by a schedule. */
typedef void (*pqs_narrow_position)(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output);

/** Lays `count` columns of `depth` elements, each of `channels` output channels, and lists into the scratch. */
PQS_INLINE pqs_columns pqs_lay_columns(void *scratch, int32_t depth, int32_t count, int32_t channels)
{
    pqs_columns columns;
    columns.first = (int16_t *)scratch;
    columns.depth = depth;
    columns.lists = columns.first + depth * count;
    columns.channels = channels;
    return columns;
}

/** Writes x - zero_point, `step` elements apart, for each of `count` inputs. */
PQS_INLINE void
pqs_subtract_zero_point(const int8_t *input, int32_t count, int32_t zero_point, int16_t *target, int32_t step)
{
    for (; count > 0; count--) {
        *target = (int16_t)(*input++ - zero_point);
        target += step;
    }
}

/* One copy of each for all schedules, which also leaves less on the stack beneath them. */

/** Gathers the window at (origin_y, origin_x) of one image into one column, 0 where it lies outside. */
void pqs_gather_column_window(const pqs_narrow_params *params,
                              const pqs_columns *columns,
                              const int8_t *image,
                              int32_t origin_y,
                              int32_t origin_x);

/** The same into one column for each input channel. */
void pqs_gather_depthwise_window(const pqs_narrow_params *params,
                                 const pqs_columns *columns,
                                 const int8_t *image,
                                 int32_t origin_y,
                                 int32_t origin_x);

/** A convolution, position by position. */
PQS_INLINE void pqs_narrow_windows(const pqs_narrow_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   const pqs_columns *columns,
                                   int depthwise,
                                   pqs_narrow_position position)
{
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                if (depthwise) {
                    pqs_gather_depthwise_window(params, columns, input, origin_y, origin_x);
                } else {
                    pqs_gather_column_window(params, columns, input, origin_y, origin_x);
                }
                position(params, columns, output);
                output += params->output_channels;
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * params->input_channels;
    }
}

PQS_INLINE void pqs_narrow_conv2d(
    const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch, pqs_narrow_position position)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const pqs_columns columns = pqs_lay_columns(scratch, depth, 1, params->output_channels);
    pqs_narrow_windows(params, input, output, &columns, 0, position);
}

PQS_INLINE void pqs_narrow_depthwise_conv2d(
    const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch, pqs_narrow_position position)
{
    const int32_t depth = params->kernel_height * params->kernel_width;
    const pqs_columns columns = pqs_lay_columns(scratch, depth, params->input_channels, params->depth_multiplier);
    pqs_narrow_windows(params, input, output, &columns, 1, position);
}

PQS_INLINE void pqs_narrow_fully_connected(
    const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch, pqs_narrow_position position)
{
    const pqs_columns columns = pqs_lay_columns(scratch, params->input_channels, 1, params->output_channels);
    for (int32_t batch = 0; batch < params->batches; batch++) {
        pqs_subtract_zero_point(input, params->input_channels, params->input_zero_point, columns.first, 1);
        position(params, &columns, output);
        input += params->input_channels;
        output += params->output_channels;
    }
}

/** A channel's output, its accumulator being finished. */
PQS_INLINE int8_t pqs_narrow_output(const pqs_narrow_params *params, int32_t channel, int32_t accumulator)
{
    const int32_t sum = accumulator + params->bias[channel];
    const int32_t multiplier = params->multipliers[channel];
    const int32_t shift = params->shifts[channel];
    const int32_t zero_point = params->output_zero_point;
    const int32_t value = params->rounding == PQS_ROUNDING_DOUBLE
                              ? pqs_requantize(sum, multiplier, shift, zero_point, PQS_ROUNDING_DOUBLE)
                              : pqs_requantize(sum, multiplier, shift, zero_point, PQS_ROUNDING_SINGLE);
    return (int8_t)pqs_clamp(value, params->activation_min, params->activation_max);
}

/** Half the range of an accumulator: it holds -half..half - 1. */
PQS_INLINE int32_t pqs_half_range(const pqs_narrow_params *params)
{
    return pqs_shift_left(1, params->accumulator_bits - 1);
}

/** The nearest value that an accumulator holds. */
PQS_INLINE int32_t pqs_saturate_narrow(int32_t value, int32_t half)
{
    return pqs_clamp(value, -half, half - 1);
}

#endif /* PQS_NARROW_H */
