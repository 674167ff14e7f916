/* SPDX-License-Identifier: MIT-0 */
#include "pqs_narrow.h"

/*
 * The accumulator is held as a + 2^(P-1), in 0..2^P-1: taken as unsigned, a sum is then greater than 2^P-1 if it leaves
 * the range, on whichever side.
 */

/** A sum in the range of an accumulator whose greatest value is `highest`. */
PQS_INLINE int32_t pqs_natural_saturate(int32_t sum, int32_t highest)
{
    if (PQS_UNLIKELY((uint32_t)sum > (uint32_t)highest)) {
        return sum < 0 ? 0 : highest;
    }
    return sum;
}

/** Accumulates the products of a dense channel's weights. Zero weights change nothing. */
PQS_INLINE int32_t
pqs_natural_dense(const int8_t *weights, const int16_t *column, int32_t depth, int32_t accumulator, int32_t highest)
{
    for (; depth >= 4; depth -= 4) {
#if defined(PQS_DSP)
        const uint32_t w = pqs_load4(weights);
        const uint32_t w_even = pqs_even_lanes(w);
        const uint32_t w_odd = pqs_odd_lanes(w);
        const uint32_t x_low = pqs_load_halves(column);
        const uint32_t x_high = pqs_load_halves(column + 2);
        accumulator = pqs_natural_saturate(pqs_multiply_add_low(w_even, x_low, accumulator), highest);
        accumulator = pqs_natural_saturate(pqs_multiply_add_low_high(w_odd, x_low, accumulator), highest);
        accumulator = pqs_natural_saturate(pqs_multiply_add_low_high(x_high, w_even, accumulator), highest);
        accumulator = pqs_natural_saturate(pqs_multiply_add_high(w_odd, x_high, accumulator), highest);
#else
        accumulator = pqs_natural_saturate(accumulator + weights[0] * column[0], highest);
        accumulator = pqs_natural_saturate(accumulator + weights[1] * column[1], highest);
        accumulator = pqs_natural_saturate(accumulator + weights[2] * column[2], highest);
        accumulator = pqs_natural_saturate(accumulator + weights[3] * column[3], highest);
#endif
        weights += 4;
        column += 4;
    }
    for (; depth > 0; depth--) {
        accumulator = pqs_natural_saturate(accumulator + *weights++ * *column++, highest);
    }
    return accumulator;
}

/** Accumulates the products of the stored weights of a pruned channel, and moves on to the next channel's. */
PQS_INLINE int32_t
pqs_natural_pruned(pqs_stored *stored, const int16_t *column, int32_t depth, int32_t accumulator, int32_t highest)
{
    const int8_t *weights = stored->weights;
    for (;;) {
        uint32_t mask = pqs_load_mask(&stored->positions, depth);
        while (mask != 0) {
            const uint32_t position = pqs_first_position(mask);
            accumulator = pqs_natural_saturate(accumulator + *weights++ * column[position], highest);
            mask = pqs_without_position(mask, position);
        }
        if (depth <= PQS_MASK_BITS) {
            break;
        }
        depth -= PQS_MASK_BITS;
        column += PQS_MASK_BITS;
        PQS_OPAQUE(depth);
    }
    stored->weights = weights;
    return accumulator;
}

/** Accumulates the products of a channel's codes, and moves on to the next channel's. Weights of 0 change nothing. */
PQS_INLINE int32_t
pqs_natural_coded(pqs_stored *stored, const int16_t *column, int32_t depth, int32_t accumulator, int32_t highest)
{
    const int8_t *codes = stored->weights;
    const int32_t bits = stored->position_bits;
    const int32_t mask = pqs_position_mask(stored);
    for (; depth > 0; depth -= mask + 1) {
        for (int32_t left = stored->group_codes; left > 0; left--) {
            const int32_t code = *codes++;
            accumulator = pqs_natural_saturate(accumulator + (code >> bits) * column[code & mask], highest);
        }
        column += mask + 1;
    }
    stored->weights = codes;
    return accumulator;
}

PQS_NOINLINE void pqs_natural_position(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output)
{
    const int32_t depth = columns->depth;
    const int32_t half = pqs_half_range(params);
    const int32_t highest = 2 * half - 1;
    const int16_t *column = columns->first;
    pqs_stored stored = pqs_stored_weights(params);
    int32_t left = columns->channels;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        int32_t accumulator = half;
        if (stored.group_codes > 0) {
            accumulator = pqs_natural_coded(&stored, column, depth, accumulator, highest);
        } else if (stored.positions == NULL) {
            accumulator = pqs_natural_dense(stored.weights, column, depth, accumulator, highest);
            stored.weights += depth;
        } else {
            accumulator = pqs_natural_pruned(&stored, column, depth, accumulator, highest);
        }
        output[channel] = pqs_narrow_output(params, channel, accumulator - half);
        if (--left == 0) {
            left = columns->channels;
            column += columns->depth;
        }
    }
}

void pqs_conv2d_natural(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_conv2d(params, input, output, scratch, pqs_natural_position);
}

void pqs_depthwise_conv2d_natural(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_depthwise_conv2d(params, input, output, scratch, pqs_natural_position);
}

void pqs_fully_connected_natural(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_fully_connected(params, input, output, scratch, pqs_natural_position);
}
