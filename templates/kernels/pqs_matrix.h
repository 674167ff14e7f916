/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_matrix.h
 * @brief A matrix of weights, and outputs of its sums, for the kernels of dense layers.
 */
#ifndef PQS_MATRIX_H
#define PQS_MATRIX_H

#include "pqs_helium.h"
#include "pqs_requantize.h"

/** A weight matrix with what follows the sums: output channel c is requantize(bias[c] + (weights row c) * column). */
typedef struct {
    const int8_t *weights; /* [channels][depth] */
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    int32_t depth;    /* >= 1 */
    int32_t channels; /* >= 1 */
    int32_t zero_point;
    int32_t lowest;
    int32_t highest;
} pqs_matrix;

/** Computes one channel of one column from the sum of its products. */
PQS_INLINE int8_t pqs_output_of(const pqs_matrix *matrix, int32_t channel, int32_t sum, int rounding)
{
    sum += matrix->bias[channel];
    return (int8_t)pqs_requantize(
        sum, matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
}

#if !defined(PQS_NO_LONG_MULTIPLY)

/* ---- Accumulators of two lanes ---- */

/*
 * The inputs of two columns are one word, x1 * 2^23 + x0. A word times a weight, added to an accumulator of 64 bits
 * (SMLAL), adds to two sums at once: its lanes, the low one of 23 bits, the high one of the 41 above.
 *
 * The low lane starts at 2^22. So few products are added before it is read that it stays in 0..2^23-1; then nothing of
 * it is in the high lane.
 */

/** Bits of the low lane. */
#define PQS_LANE_BITS 23

/** What the low lane starts at. */
#define PQS_LANE_START (1 << (PQS_LANE_BITS - 1))

/** Products that are added before lanes are read: a multiple of four, at most 255, as 255 * 2^14 < 2^22. */
#define PQS_LANE_PRODUCTS 252

PQS_INLINE int32_t pqs_pair_word(int32_t low, int32_t high)
{
    return high * (1 << PQS_LANE_BITS) + low;
}

/** An accumulator's low lane, what it starts at included. */
PQS_INLINE int32_t pqs_low_lane(int64_t lanes)
{
    return (int32_t)((uint32_t)lanes & ((1u << PQS_LANE_BITS) - 1u));
}

PQS_INLINE int32_t pqs_high_lane(int64_t lanes)
{
    return (int32_t)(lanes >> PQS_LANE_BITS);
}

/** Stores an accumulator's lanes, added to two sums. */
PQS_INLINE void pqs_store_lanes(int64_t lanes, int32_t low, int32_t high, int32_t sums[2])
{
    sums[0] = low + pqs_low_lane(lanes) - PQS_LANE_START;
    sums[1] = high + pqs_high_lane(lanes);
}

#endif

#if defined(PQS_MVE)

/** What turns the sums of four channels into outputs. */
typedef struct {
    pqs_factors4 factors;
    int32x4_t bias;
} pqs_channels4;

PQS_INLINE pqs_channels4 pqs_load_channels4(const pqs_matrix *matrix, int32_t channel, int rounding)
{
    pqs_channels4 channels;
    channels.bias = vldrwq_s32(matrix->bias + channel);
    channels.factors = pqs_make_factors4(
        vldrwq_s32(matrix->multipliers + channel), vldrbq_s32(matrix->shifts + channel), rounding);
    return channels;
}

/** Stores the outputs of four channels. */
PQS_INLINE void pqs_output_channels4(const pqs_matrix *matrix,
                                     const pqs_channels4 *channels,
                                     int32x4_t sums,
                                     int8_t *output,
                                     int rounding)
{
    sums = vaddq_s32(sums, channels->bias);
    const int32x4_t values = vaddq_n_s32(pqs_requantize4(sums, channels->factors, rounding), matrix->zero_point);
    vstrbq_s32(output, pqs_clamp4(values, vdupq_n_s32(matrix->lowest), vdupq_n_s32(matrix->highest)));
}

#endif

/** The matrix of a convolution, `depth` elements a row. */
PQS_INLINE pqs_matrix pqs_conv2d_matrix(const pqs_conv2d_params *params, int32_t depth)
{
    pqs_matrix matrix;
    matrix.weights = params->weights;
    matrix.bias = params->bias;
    matrix.multipliers = params->multipliers;
    matrix.shifts = params->shifts;
    matrix.depth = depth;
    matrix.channels = params->output_channels;
    matrix.zero_point = params->output_zero_point;
    matrix.lowest = params->activation_min;
    matrix.highest = params->activation_max;
    return matrix;
}

#endif /* PQS_MATRIX_H */
