/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix_multiply.h"

/** Sum of a row's products, starting from `sum`. */
PQS_INLINE int32_t pqs_dot_1x1(const int8_t *weights, const int8_t *column, int32_t depth, int32_t sum)
{
#if defined(PQS_MVE)
    for (; depth > 0; depth -= 16) {
        const mve_pred16_t lanes = vctp8q((uint32_t)depth);
        sum = vmladavaq_s8(sum, vldrbq_z_s8(weights, lanes), vldrbq_z_s8(column, lanes));
        weights += 16;
        column += 16;
    }
#elif defined(PQS_DSP)
    for (; depth >= 4; depth -= 4) {
        const uint32_t w = pqs_load4(weights);
        const uint32_t x = pqs_load4(column);
        sum = pqs_multiply_add_halves(pqs_even_lanes(w), pqs_even_lanes(x), sum);
        sum = pqs_multiply_add_halves(pqs_odd_lanes(w), pqs_odd_lanes(x), sum);
        weights += 4;
        column += 4;
    }
#endif
    for (; depth > 0; depth--) {
        sum += (int32_t)*weights++ * *column++;
    }
    return sum;
}

/** One step of two channels by two columns. */
PQS_INLINE void pqs_multiply_2x2(int32_t weight0, int32_t weight1, int32_t value0, int32_t value1, int32_t sums[4])
{
    sums[0] += weight0 * value0;
    sums[1] += weight0 * value1;
    sums[2] += weight1 * value0;
    sums[3] += weight1 * value1;
}

#if defined(PQS_DSP) && !defined(PQS_MVE)

/** Four steps of two channels by two columns. */
PQS_INLINE void pqs_step_2x2(
    const int8_t *weights0, const int8_t *weights1, const int8_t *column0, const int8_t *column1, int32_t sums[4])
{
    uint32_t word = pqs_load4(weights0);
    const uint32_t w0_even = pqs_even_lanes(word);
    const uint32_t w0_odd = pqs_odd_lanes(word);
    word = pqs_load4(weights1);
    const uint32_t w1_even = pqs_even_lanes(word);
    const uint32_t w1_odd = pqs_odd_lanes(word);
    word = pqs_load4(column0);
    uint32_t x = pqs_even_lanes(word);
    sums[0] = pqs_multiply_add_halves(w0_even, x, sums[0]);
    sums[2] = pqs_multiply_add_halves(w1_even, x, sums[2]);
    x = pqs_odd_lanes(word);
    sums[0] = pqs_multiply_add_halves(w0_odd, x, sums[0]);
    sums[2] = pqs_multiply_add_halves(w1_odd, x, sums[2]);
    word = pqs_load4(column1);
    x = pqs_even_lanes(word);
    sums[1] = pqs_multiply_add_halves(w0_even, x, sums[1]);
    sums[3] = pqs_multiply_add_halves(w1_even, x, sums[3]);
    x = pqs_odd_lanes(word);
    sums[1] = pqs_multiply_add_halves(w0_odd, x, sums[1]);
    sums[3] = pqs_multiply_add_halves(w1_odd, x, sums[3]);
}

/** Adds the products of four weights and four values, split into lanes, to a sum. */
PQS_INLINE int32_t pqs_multiply_add_word(uint32_t weights, uint32_t x_even, uint32_t x_odd, int32_t sum)
{
    sum = pqs_multiply_add_halves(pqs_even_lanes(weights), x_even, sum);
    return pqs_multiply_add_halves(pqs_odd_lanes(weights), x_odd, sum);
}

/** Four steps of four channels by one column. */
PQS_INLINE void pqs_step_4x1(
    const int8_t *weights, int32_t depth, int32_t depth2, int32_t depth3, const int8_t *column, int32_t sums[4])
{
    const uint32_t x = pqs_load4(column);
    const uint32_t x_even = pqs_even_lanes(x);
    const uint32_t x_odd = pqs_odd_lanes(x);
    sums[0] = pqs_multiply_add_word(pqs_load4(weights), x_even, x_odd, sums[0]);
    sums[1] = pqs_multiply_add_word(pqs_load4(weights + depth), x_even, x_odd, sums[1]);
    sums[2] = pqs_multiply_add_word(pqs_load4(weights + depth2), x_even, x_odd, sums[2]);
    sums[3] = pqs_multiply_add_word(pqs_load4(weights + depth3), x_even, x_odd, sums[3]);
}

#endif

#if defined(PQS_NO_LONG_MULTIPLY)

/** One step of two channels by one column: of the loads of signed bytes there is only the indexed one. */
PQS_INLINE void pqs_step_2x1(
    const int8_t *weights0, const int8_t *weights1, const int8_t *column, int32_t *index, int32_t *sum0, int32_t *sum1)
{
    const int32_t value = column[*index];
    *sum0 += weights0[*index] * value;
    *sum1 += weights1[*index] * value;
    (*index)++;
    PQS_OPAQUE3(*index, *sum0, *sum1);
}

/** Multiplies a matrix by one column. Eight low registers have room for no more than two channels at once. */
PQS_INLINE void
pqs_multiply_column(const pqs_matrix *matrix, const int8_t *column, int8_t *output, int rounding)
{
    const int32_t depth = matrix->depth;
    const int8_t *weights = matrix->weights;
    int32_t channel = 0;
    for (; channel + 2 <= matrix->channels; channel += 2) {
        const int8_t *next = weights + depth;
        const int32_t whole = depth - depth % 4;
        int32_t sum0 = matrix->bias[channel];
        int32_t sum1 = matrix->bias[channel + 1];
        int32_t k = 0;
        while (k < whole) {
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
        }
        while (k < depth) {
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
        }
        weights = next + depth;
        output[channel] = (int8_t)pqs_requantize(
            sum0, matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
        output[channel + 1] = (int8_t)pqs_requantize(
            sum1, matrix->multipliers[channel + 1], matrix->shifts[channel + 1], matrix->zero_point, rounding);
    }
    if (channel < matrix->channels) {
        int32_t sum = pqs_dot_1x1(weights, column, depth, matrix->bias[channel]);
        output[channel] = (int8_t)pqs_requantize(
            sum, matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
    }
    pqs_clamp_elements(output, matrix->channels, matrix->lowest, matrix->highest);
}

#elif defined(PQS_MVE)

/**
 * Sums of the products of two rows of weights and two columns: rows 0 and 1 of column 0, then of column 1. In assembly,
 * since compilers make no loops whose last pass is for fewer lanes by itself.
 */
PQS_INLINE void pqs_sums_2x2(const int8_t *weights0,
                             const int8_t *weights1,
                             const int8_t *column0,
                             const int8_t *column1,
                             int32_t depth,
                             int32_t sums[4])
{
    int32_t sum0 = 0;
    int32_t sum1 = 0;
    int32_t sum2 = 0;
    int32_t sum3 = 0;
    __asm__ volatile("    dlstp.8 lr, %[depth]\n"
                     "1:  vldrb.8 q0, [%[weights0]], #16\n"
                     "    vldrb.8 q2, [%[column0]], #16\n"
                     "    vmladava.s8 %[sum0], q0, q2\n"
                     "    vldrb.8 q1, [%[weights1]], #16\n"
                     "    vmladava.s8 %[sum1], q1, q2\n"
                     "    vldrb.8 q3, [%[column1]], #16\n"
                     "    vmladava.s8 %[sum2], q0, q3\n"
                     "    vmladava.s8 %[sum3], q1, q3\n"
                     "    letp lr, 1b\n"
                     : [sum0] "+Te"(sum0), [sum1] "+Te"(sum1), [sum2] "+Te"(sum2), [sum3] "+Te"(sum3),
                       [weights0] "+r"(weights0), [weights1] "+r"(weights1), [column0] "+r"(column0),
                       [column1] "+r"(column1)
                     : [depth] "r"(depth)
                     : "q0", "q1", "q2", "q3", "lr", "memory");
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
}

/** Sums of the products of four rows of weights, `depth` elements each, and one column. */
PQS_INLINE int32x4_t pqs_sums_4x1(const int8_t *weights0, const int8_t *column, int32_t depth)
{
    const int8_t *weights1 = weights0 + depth;
    const int8_t *weights2 = weights1 + depth;
    const int8_t *weights3 = weights2 + depth;
    int32_t sum0 = 0;
    int32_t sum1 = 0;
    int32_t sum2 = 0;
    int32_t sum3 = 0;
    __asm__ volatile("    dlstp.8 lr, %[depth]\n"
                     "1:  vldrb.8 q0, [%[column]], #16\n"
                     "    vldrb.8 q1, [%[weights0]], #16\n"
                     "    vmladava.s8 %[sum0], q1, q0\n"
                     "    vldrb.8 q2, [%[weights1]], #16\n"
                     "    vmladava.s8 %[sum1], q2, q0\n"
                     "    vldrb.8 q1, [%[weights2]], #16\n"
                     "    vmladava.s8 %[sum2], q1, q0\n"
                     "    vldrb.8 q2, [%[weights3]], #16\n"
                     "    vmladava.s8 %[sum3], q2, q0\n"
                     "    letp lr, 1b\n"
                     : [sum0] "+Te"(sum0), [sum1] "+Te"(sum1), [sum2] "+Te"(sum2), [sum3] "+Te"(sum3),
                       [weights0] "+r"(weights0), [weights1] "+r"(weights1), [weights2] "+r"(weights2),
                       [weights3] "+r"(weights3), [column] "+r"(column)
                     : [depth] "r"(depth)
                     : "q0", "q1", "q2", "lr", "memory");
    const int32x4_t sums = {sum0, sum1, sum2, sum3};
    return sums;
}

/** Computes one channel of one column. */
PQS_INLINE void pqs_multiply_row(const pqs_matrix *matrix,
                                 int32_t channel,
                                 const int8_t *column,
                                 int8_t *output,
                                 int rounding)
{
    int32_t sum = pqs_dot_1x1(matrix->weights + channel * matrix->depth, column, matrix->depth, matrix->bias[channel]);
    const int32_t value = pqs_requantize(
        sum, matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
    output[channel] = (int8_t)pqs_clamp(value, matrix->lowest, matrix->highest);
}

/** Multiplies a matrix by two columns. */
PQS_INLINE void pqs_multiply_two_columns(const pqs_matrix *shared_matrix,
                                         const int8_t *column0,
                                         const int8_t *column1,
                                         int8_t *output0,
                                         int8_t *output1,
                                         int rounding)
{
    /* A copy, which stores to the output cannot change. */
    const pqs_matrix matrix = *shared_matrix;
    const int32_t depth = matrix.depth;
    const int8_t *weights = matrix.weights;
    int32_t channel = 0;
    for (; channel + 4 <= matrix.channels; channel += 4) {
        int32_t low[4];
        int32_t high[4];
        pqs_sums_2x2(weights, weights + depth, column0, column1, depth, low);
        weights += 2 * depth;
        pqs_sums_2x2(weights, weights + depth, column0, column1, depth, high);
        weights += 2 * depth;
        const pqs_channels4 channels = pqs_load_channels4(&matrix, channel, rounding);
        const int32x4_t sums0 = {low[0], low[1], high[0], high[1]};
        const int32x4_t sums1 = {low[2], low[3], high[2], high[3]};
        pqs_output_channels4(&matrix, &channels, sums0, output0 + channel, rounding);
        pqs_output_channels4(&matrix, &channels, sums1, output1 + channel, rounding);
    }
    for (; channel < matrix.channels; channel++) {
        pqs_multiply_row(&matrix, channel, column0, output0, rounding);
        pqs_multiply_row(&matrix, channel, column1, output1, rounding);
    }
}

/** Multiplies a matrix by one column. */
PQS_INLINE void
pqs_multiply_column(const pqs_matrix *shared_matrix, const int8_t *column, int8_t *output, int rounding)
{
    const pqs_matrix matrix = *shared_matrix;
    const int8_t *weights = matrix.weights;
    int32_t channel = 0;
    for (; channel + 4 <= matrix.channels; channel += 4) {
        const int32x4_t sums = pqs_sums_4x1(weights, column, matrix.depth);
        weights += 4 * matrix.depth;
        const pqs_channels4 channels = pqs_load_channels4(&matrix, channel, rounding);
        pqs_output_channels4(&matrix, &channels, sums, output + channel, rounding);
    }
    for (; channel < matrix.channels; channel++) {
        pqs_multiply_row(&matrix, channel, column, output, rounding);
    }
}

#else

#if !defined(PQS_DSP)

/** Adds the products of four channels and the next input of two columns, the second right behind the first. */
PQS_INLINE void pqs_step_4x2(const int8_t **weights, const int8_t **column, int32_t depth, int64_t lanes[4])
{
    const int32_t word = pqs_pair_word((*column)[0], (*column)[depth]);
    lanes[0] += (int64_t)word * (*weights)[0];
    lanes[1] += (int64_t)word * (*weights)[depth];
    lanes[2] += (int64_t)word * (*weights)[2 * depth];
    lanes[3] += (int64_t)word * (*weights)[3 * depth];
    (*weights)++;
    (*column)++;
}

#if defined(PQS_THUMB2_LOOPS)

#define PQS_STEP_4X2                                                                                                   \
    "    ldrsb %[weight], [%[column], %[depth]]\n"                                                                     \
    "    ldrsb %[word], [%[column]], #1\n"                                                                             \
    "    add %[word], %[word], %[weight], lsl #23\n"                                                                   \
    "    ldrsb %[weight], [%[weights], %[depth]]\n"                                                                    \
    "    smlal %Q[lanes1], %R[lanes1], %[word], %[weight]\n"                                                           \
    "    ldrsb %[weight], [%[weights], %[depth], lsl #1]\n"                                                            \
    "    smlal %Q[lanes2], %R[lanes2], %[word], %[weight]\n"                                                           \
    "    ldrsb %[weight], [%[weights], %[depth3]]\n"                                                                   \
    "    smlal %Q[lanes3], %R[lanes3], %[word], %[weight]\n"                                                           \
    "    ldrsb %[weight], [%[weights]], #1\n"                                                                          \
    "    smlal %Q[lanes0], %R[lanes0], %[word], %[weight]\n"

/**
 * The same for `count` inputs, a multiple of four. In assembly, since this takes every register, which compilers see
 * too late: they keep accumulators on the stack.
 */
PQS_INLINE void
pqs_steps_4x2(const int8_t **weights, const int8_t **column, int32_t depth, int32_t count, int64_t lanes[4])
{
    const int8_t *const end = *column + count;
    const int32_t depth3 = 3 * depth;
    int32_t word;
    int32_t weight;
    if (count == 0) {
        return;
    }
    __asm__ volatile("1:\n" PQS_STEP_4X2 PQS_STEP_4X2 PQS_STEP_4X2 PQS_STEP_4X2
                     "    ldr %[weight], %[end]\n"
                     "    cmp %[column], %[weight]\n"
                     "    bne 1b\n"
                     : [lanes0] "+r"(lanes[0]), [lanes1] "+r"(lanes[1]), [lanes2] "+r"(lanes[2]),
                       [lanes3] "+r"(lanes[3]), [weights] "+r"(*weights), [column] "+r"(*column), [word] "=&r"(word),
                       [weight] "=&r"(weight)
                     : [depth] "r"(depth), [depth3] "r"(depth3), [end] "m"(end)
                     : "cc", "memory");
}

#else

PQS_INLINE void
pqs_steps_4x2(const int8_t **weights, const int8_t **column, int32_t depth, int32_t count, int64_t lanes[4])
{
    for (; count > 0; count--) {
        pqs_step_4x2(weights, column, depth, lanes);
    }
}

#endif

/** Sums of the products of four rows of weights and two columns, the second right behind the first, row by row. */
PQS_NOINLINE void pqs_sums_4x2(const int8_t *weights, const int8_t *column, int32_t depth, int32_t sums[8])
{
    for (int32_t i = 0; i < 8; i++) {
        sums[i] = 0;
    }
    for (int32_t left = depth; left > 0; left -= PQS_LANE_PRODUCTS) {
        const int32_t count = pqs_min(left, PQS_LANE_PRODUCTS);
        int64_t lanes[4] = {PQS_LANE_START, PQS_LANE_START, PQS_LANE_START, PQS_LANE_START};
        pqs_steps_4x2(&weights, &column, depth, count - count % 4, lanes);
        for (int32_t rest = count % 4; rest > 0; rest--) {
            pqs_step_4x2(&weights, &column, depth, lanes);
        }
        for (int32_t row = 0; row < 4; row++) {
            pqs_store_lanes(lanes[row], sums[2 * row], sums[2 * row + 1], sums + 2 * row);
        }
    }
}

/** Multiplies a matrix by two columns, the second right behind the first. */
PQS_INLINE void pqs_multiply_two_columns(const pqs_matrix *shared_matrix,
                                         const int8_t *column0,
                                         const int8_t *column1,
                                         int8_t *output0,
                                         int8_t *output1,
                                         int rounding)
{
    /* A copy, which stores to the output cannot change. */
    const pqs_matrix matrix = *shared_matrix;
    const int8_t *weights = matrix.weights;
    int32_t channel = 0;
    for (; channel + 4 <= matrix.channels; channel += 4) {
        int32_t sums[8];
        pqs_sums_4x2(weights, column0, matrix.depth, sums);
        for (int32_t row = 0; row < 4; row++) {
            output0[channel + row] = pqs_output_of(&matrix, channel + row, sums[2 * row], rounding);
            output1[channel + row] = pqs_output_of(&matrix, channel + row, sums[2 * row + 1], rounding);
        }
        weights += 4 * matrix.depth;
    }
    for (; channel < matrix.channels; channel++) {
        const int32_t sum0 = pqs_dot_1x1(weights, column0, matrix.depth, 0);
        const int32_t sum1 = pqs_dot_1x1(weights, column1, matrix.depth, 0);
        output0[channel] = pqs_output_of(&matrix, channel, sum0, rounding);
        output1[channel] = pqs_output_of(&matrix, channel, sum1, rounding);
        weights += matrix.depth;
    }
    pqs_clamp_elements(output0, matrix.channels, matrix.lowest, matrix.highest);
    pqs_clamp_elements(output1, matrix.channels, matrix.lowest, matrix.highest);
}

#else

/** Multiplies a matrix by two columns. */
PQS_INLINE void pqs_multiply_two_columns(const pqs_matrix *matrix,
                                         const int8_t *column0,
                                         const int8_t *column1,
                                         int8_t *output0,
                                         int8_t *output1,
                                         int rounding)
{
    const int32_t depth = matrix->depth;
    const int32_t zero_point = matrix->zero_point;
    const int8_t *weights = matrix->weights;
    int32_t channel = 0;
    for (; channel + 2 <= matrix->channels; channel += 2) {
        const int8_t *w0 = weights;
        const int8_t *w1 = weights + depth;
        const int8_t *x0 = column0;
        const int8_t *x1 = column1;
        int32_t sums[4] = {
            matrix->bias[channel], matrix->bias[channel], matrix->bias[channel + 1], matrix->bias[channel + 1]};
        int32_t k = depth;
        for (; k >= 16; k -= 16) {
            pqs_step_2x2(w0, w1, x0, x1, sums);
            pqs_step_2x2(w0 + 4, w1 + 4, x0 + 4, x1 + 4, sums);
            pqs_step_2x2(w0 + 8, w1 + 8, x0 + 8, x1 + 8, sums);
            pqs_step_2x2(w0 + 12, w1 + 12, x0 + 12, x1 + 12, sums);
            w0 += 16;
            w1 += 16;
            x0 += 16;
            x1 += 16;
        }
        for (; k >= 4; k -= 4) {
            pqs_step_2x2(w0, w1, x0, x1, sums);
            w0 += 4;
            w1 += 4;
            x0 += 4;
            x1 += 4;
        }
        for (; k > 0; k--) {
            pqs_multiply_2x2(*w0++, *w1++, *x0++, *x1++, sums);
        }
        weights += 2 * depth;
        int32_t multiplier = matrix->multipliers[channel];
        int32_t shift = matrix->shifts[channel];
        output0[channel] = (int8_t)pqs_requantize(sums[0], multiplier, shift, zero_point, rounding);
        output1[channel] = (int8_t)pqs_requantize(sums[1], multiplier, shift, zero_point, rounding);
        multiplier = matrix->multipliers[channel + 1];
        shift = matrix->shifts[channel + 1];
        output0[channel + 1] = (int8_t)pqs_requantize(sums[2], multiplier, shift, zero_point, rounding);
        output1[channel + 1] = (int8_t)pqs_requantize(sums[3], multiplier, shift, zero_point, rounding);
    }
    if (channel < matrix->channels) {
        const int32_t bias = matrix->bias[channel];
        const int32_t multiplier = matrix->multipliers[channel];
        const int32_t shift = matrix->shifts[channel];
        int32_t sum0 = pqs_dot_1x1(weights, column0, depth, bias);
        int32_t sum1 = pqs_dot_1x1(weights, column1, depth, bias);
        output0[channel] = (int8_t)pqs_requantize(sum0, multiplier, shift, zero_point, rounding);
        output1[channel] = (int8_t)pqs_requantize(sum1, multiplier, shift, zero_point, rounding);
    }
    pqs_clamp_elements(output0, matrix->channels, matrix->lowest, matrix->highest);
    pqs_clamp_elements(output1, matrix->channels, matrix->lowest, matrix->highest);
}

#endif

/** Multiplies a matrix by one column. */
PQS_INLINE void
pqs_multiply_column(const pqs_matrix *matrix, const int8_t *column, int8_t *output, int rounding)
{
    const int32_t depth = matrix->depth;
    const int32_t zero_point = matrix->zero_point;
    const int8_t *weights = matrix->weights;
    int32_t channel = 0;
    for (; channel + 4 <= matrix->channels; channel += 4) {
        const int8_t *x = column;
        const int8_t *const block = weights;
#if defined(PQS_DSP)
        int32_t depth2 = 2 * depth;
        int32_t depth3 = 3 * depth;
        PQS_OPAQUE(depth2);
        PQS_OPAQUE(depth3);
#endif
        const int32_t *bias = matrix->bias + channel;
        const int32_t *multipliers = matrix->multipliers + channel;
        const int8_t *shifts = matrix->shifts + channel;
        int32_t sums[4] = {bias[0], bias[1], bias[2], bias[3]};
        int32_t k = depth;
#if defined(PQS_DSP)
        for (; k >= 8; k -= 8) {
            pqs_step_4x1(weights, depth, depth2, depth3, x, sums);
            weights += 4;
            PQS_OPAQUE(weights);
            pqs_step_4x1(weights, depth, depth2, depth3, x + 4, sums);
            weights += 4;
            PQS_OPAQUE(weights);
            x += 8;
        }
        if (k >= 4) {
            pqs_step_4x1(weights, depth, depth2, depth3, x, sums);
            x += 4;
            weights += 4;
            k -= 4;
        }
#endif
        for (; k > 0; k--) {
            const int32_t value = *x++;
            sums[0] += value * weights[0];
            sums[1] += value * weights[depth];
            sums[2] += value * weights[2 * depth];
            sums[3] += value * weights[3 * depth];
            weights++;
        }
        weights = block + 4 * depth;
        output[channel] = (int8_t)pqs_requantize(sums[0], multipliers[0], shifts[0], zero_point, rounding);
        output[channel + 1] = (int8_t)pqs_requantize(sums[1], multipliers[1], shifts[1], zero_point, rounding);
        output[channel + 2] = (int8_t)pqs_requantize(sums[2], multipliers[2], shifts[2], zero_point, rounding);
        output[channel + 3] = (int8_t)pqs_requantize(sums[3], multipliers[3], shifts[3], zero_point, rounding);
    }
    for (; channel < matrix->channels; channel++) {
        int32_t sum = pqs_dot_1x1(weights, column, depth, matrix->bias[channel]);
        weights += depth;
        output[channel] =
            (int8_t)pqs_requantize(sum, matrix->multipliers[channel], matrix->shifts[channel], zero_point, rounding);
    }
    pqs_clamp_elements(output, matrix->channels, matrix->lowest, matrix->highest);
}

#endif

void pqs_multiply_column_double(const pqs_matrix *matrix, const int8_t *column, int8_t *output)
{
    pqs_multiply_column(matrix, column, output, PQS_ROUNDING_DOUBLE);
}

void pqs_multiply_column_single(const pqs_matrix *matrix, const int8_t *column, int8_t *output)
{
    pqs_multiply_column(matrix, column, output, PQS_ROUNDING_SINGLE);
}

#if !defined(PQS_NO_LONG_MULTIPLY)

void pqs_multiply_two_columns_double(
    const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1, int8_t *output0, int8_t *output1)
{
    pqs_multiply_two_columns(matrix, column0, column1, output0, output1, PQS_ROUNDING_DOUBLE);
}

void pqs_multiply_two_columns_single(
    const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1, int8_t *output0, int8_t *output1)
{
    pqs_multiply_two_columns(matrix, column0, column1, output0, output1, PQS_ROUNDING_SINGLE);
}

#endif
