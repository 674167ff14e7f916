/* SPDX-License-Identifier: MIT-0 */
#include "pqs_narrow.h"

/** The weights of one sign, which end at `weights` and `positions`. */
typedef struct {
    const int8_t *weights;
    const uint8_t *positions;
} pqs_signed_weights;

/** The product of the weight that is `index`, a negative number, before the end. `wide`: positions have two bytes. */
PQS_INLINE int32_t pqs_signed_product(const pqs_signed_weights *end, int32_t index, const int16_t *column, int wide)
{
    uint32_t position;
    if (wide) {
        const uint8_t *bytes = end->positions + 2 * index;
        position = bytes[0] | (uint32_t)bytes[1] << 8;
    } else {
        position = end->positions[index];
    }
    return end->weights[index] * column[position];
}

/**
 * Accumulates the products of both signs in turns; all are on their weight's side of 0, or 0. While an index is
 * negative, weights of its sign are left: so one test of a sign bit ends a run, be it that the accumulator has changed
 * sides or that the weights are used up.
 */
PQS_INLINE int32_t pqs_alternate_signs(const pqs_signed_weights *positives,
                                       int32_t positive,
                                       const pqs_signed_weights *negatives,
                                       int32_t negative,
                                       const int16_t *column,
                                       int32_t half,
                                       int wide)
{
    int32_t accumulator = 0;
    while (positive < 0 && negative < 0) {
        do {
            accumulator += pqs_signed_product(negatives, negative, column, wide);
            negative++;
            PQS_OPAQUE(negative);
        } while ((negative & ~accumulator) < 0);
        if (PQS_UNLIKELY(accumulator < -half)) {
            accumulator = -half;
        }
        if (negative == 0) {
            break;
        }
        do {
            accumulator += pqs_signed_product(positives, positive, column, wide);
            positive++;
            PQS_OPAQUE(positive);
        } while ((positive & accumulator) < 0);
        if (PQS_UNLIKELY(accumulator >= half)) {
            accumulator = half - 1;
        }
    }
    for (; negative < 0; negative++) {
        accumulator += pqs_signed_product(negatives, negative, column, wide);
        if (PQS_UNLIKELY(accumulator < -half)) {
            /* Where it stays: only negative products are left. */
            return -half;
        }
    }
    for (; positive < 0; positive++) {
        accumulator += pqs_signed_product(positives, positive, column, wide);
        if (PQS_UNLIKELY(accumulator >= half)) {
            return half - 1;
        }
    }
    return accumulator;
}

PQS_INLINE void
pqs_partitioned_position(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output, int wide)
{
    const int32_t half = pqs_half_range(params);
    const int32_t bytes = wide ? 2 : 1;
    const int16_t *column = columns->first;
    const int8_t *weights = params->weights;
    const uint8_t *positions = params->positions;
    const uint16_t *counts = params->counts;
    int32_t left = columns->channels;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        const int32_t positive = *counts++;
        const int32_t negative = *counts++;
        pqs_signed_weights positives;
        pqs_signed_weights negatives;
        positives.weights = weights + positive;
        positives.positions = positions + positive * bytes;
        negatives.weights = positives.weights + negative;
        negatives.positions = positives.positions + negative * bytes;
        weights = negatives.weights;
        positions = negatives.positions;
        const int32_t accumulator =
            pqs_alternate_signs(&positives, -positive, &negatives, -negative, column, half, wide);
        output[channel] = pqs_narrow_output(params, channel, accumulator);
        if (--left == 0) {
            left = columns->channels;
            column += columns->depth;
        }
    }
}

PQS_NOINLINE void
pqs_alternating_partitioned_position(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output)
{
    if (columns->depth <= 256) {
        pqs_partitioned_position(params, columns, output, 0);
    } else {
        pqs_partitioned_position(params, columns, output, 1);
    }
}

void pqs_conv2d_alternating_partitioned(const pqs_narrow_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        void *scratch)
{
    pqs_narrow_conv2d(params, input, output, scratch, pqs_alternating_partitioned_position);
}

void pqs_depthwise_conv2d_alternating_partitioned(const pqs_narrow_params *params,
                                                  const int8_t *input,
                                                  int8_t *output,
                                                  void *scratch)
{
    pqs_narrow_depthwise_conv2d(params, input, output, scratch, pqs_alternating_partitioned_position);
}

void pqs_fully_connected_alternating_partitioned(const pqs_narrow_params *params,
                                                 const int8_t *input,
                                                 int8_t *output,
                                                 void *scratch)
{
    pqs_narrow_fully_connected(params, input, output, scratch, pqs_alternating_partitioned_position);
}
