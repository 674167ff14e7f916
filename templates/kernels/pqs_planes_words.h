/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_planes_words.h
 * @brief Depthwise convolution of kernels of 3x3 taps, where there are long products: two rows of pixels at once.
 *
 * A strip's output rows are cut into two halves, the middle one of an odd number being in both. A word of a plane has
 * an input of the first half in its low lane and the input as many rows below as the second half begins in its high
 * lane: x1 * 2^23 + x0. A weight is w * 2^9, so that of the accumulator of 64 bits (SMLAL) the upper word is the high
 * lane's sum.
 */
#ifndef PQS_PLANES_WORDS_H
#define PQS_PLANES_WORDS_H

#include "pqs_matrix.h"
#include "pqs_planes.h"

#if !defined(PQS_NO_LONG_MULTIPLY)

/** Bits below the low lane's sum. */
#define PQS_WORD_FRACTION (32 - PQS_LANE_BITS)

/** The most neighbouring pixels that are computed at once. */
#define PQS_WORD_PIXELS 3

/** An accumulator. */
typedef struct {
    uint32_t low;
    int32_t high;
} pqs_word_sums;

/** What turns sums into outputs. */
typedef struct {
    pqs_moderate_factors factors;
    int32_t bias; /* of the low lane, less what the lane starts at */
} pqs_word_factors;

/** What a channel's outputs are computed from, besides a plane. The order of members is that of the assembly below. */
typedef struct {
    pqs_word_sums starts[PQS_WORD_PIXELS]; /* of accumulators */
    int32_t weights[9];
    int32_t next_row; /* bytes of a plane from a pixel's last row of taps to the first one of the pixel below */
    pqs_word_factors factors;
    int32_t output_step; /* from pixel to pixel */
} pqs_word_table;

/* One load takes what follows the weights into registers. */
PQS_STATIC_ASSERT(offsetof(pqs_word_table, next_row) == offsetof(pqs_word_table, weights) + 36 &&
                      offsetof(pqs_word_table, factors) == offsetof(pqs_word_table, next_row) + 4 &&
                      offsetof(pqs_word_table, output_step) == offsetof(pqs_word_table, factors) + 16,
                  the_table_of_a_channel_must_have_no_gaps);
PQS_STATIC_ASSERT(sizeof(pqs_word_table) > PQS_DEPTHWISE_WEIGHTS_SIZE(3, 3), the_table_must_be_longer_than_weights);

/** Words of the planes' room that the table takes, as it is longer than the room for weights. */
#define PQS_WORD_TABLE_REST ((int32_t)((sizeof(pqs_word_table) - PQS_DEPTHWISE_WEIGHTS_SIZE(3, 3)) / 4))

/** A strip in words. */
typedef struct {
    const int32_t *plane;
    pqs_word_table *table;
    int32_t columns;  /* of a plane, padding included */
    int32_t rows;     /* likewise */
    int32_t size;     /* of a plane */
    int32_t row_step; /* in planes, from tap to tap of a column */
    int32_t stride_height;
    int32_t stride_width;
    int32_t length;   /* in planes, from a pixel's taps to those below the last output row of the half */
    int32_t distance; /* input rows from the first half to the second */
    int32_t output_width;
    int32_t output_step;     /* from pixel to pixel */
    int32_t output_row;      /* from row to row */
    int32_t output_distance; /* from the first half to the second */
} pqs_word_strip;

/** A strip in words, whose tables are written to `table`. */
PQS_INLINE pqs_word_strip pqs_make_word_strip(const pqs_depthwise_conv2d_params *params,
                                              const pqs_strip *strip,
                                              int32_t *table)
{
    const int32_t output_rows = (strip->output_rows + 1) / 2;
    const int32_t half = strip->output_rows - output_rows;
    const int32_t stride_height = output_rows > 1 ? strip->stride_height : 0; /* from a single row no step leads on */
    pqs_word_strip result;
    result.plane = NULL;
    result.table = (pqs_word_table *)(void *)table;
    result.columns = (params->output_width - 1) * params->stride_width + 3;
    result.rows = (output_rows - 1) * stride_height + 2 * params->dilation_height + 1;
    result.size = result.rows * result.columns;
    result.row_step = params->dilation_height * result.columns;
    result.stride_height = stride_height;
    result.stride_width = params->stride_width;
    result.length = output_rows * stride_height * result.columns;
    result.distance = half * params->stride_height;
    result.output_width = params->output_width;
    result.output_step = strip->output_step;
    result.output_row = params->output_width * strip->output_step;
    result.output_distance = half * result.output_row;
    return result;
}

/* ---- Planes ---- */

/** A row of inputs, channel by channel; outside the image one pixel stands for all of them. */
typedef struct {
    const int8_t *source;
    int32_t step; /* from pixel to pixel */
} pqs_word_row;

/** Lays out a row of `planes` channels, a constant. */
PQS_INLINE void
pqs_lay_row(pqs_word_row low, pqs_word_row high, int32_t width, int32_t planes, int32_t size, int32_t *words)
{
    for (; width > 0; width--) {
        for (int32_t plane = planes - 1; plane >= 0; plane--) {
            words[plane * size] = pqs_pair_word(low.source[plane], high.source[plane]);
        }
        low.source += low.step;
        high.source += high.step;
        words++;
        PQS_OPAQUE(words);
    }
}

/** Lays out the planes of a strip of one image, from a channel on: four of them, or one. */
PQS_NOINLINE void pqs_lay_planes(const pqs_depthwise_conv2d_params *params,
                                 const pqs_word_strip *strip,
                                 int32_t origin_y,
                                 const int8_t *image,
                                 int32_t planes,
                                 int32_t *words)
{
    const int8_t zero_point = (int8_t)params->input_zero_point;
    const int8_t outside[4] = {zero_point, zero_point, zero_point, zero_point};
    const int32_t columns = strip->columns;
    const int32_t before = pqs_min(params->padding_left, columns);
    const int32_t width = pqs_min(params->input_width, columns - before);
    const int32_t size = strip->size;
    const int32_t step = params->input_channels;
    const int32_t row_size = params->input_width * step;
    const uint32_t height = (uint32_t)params->input_height;
    const int32_t distance = strip->distance;
    words += before;
    for (int32_t y = origin_y; y < origin_y + strip->rows; y++) {
        pqs_word_row low = {outside, 0};
        pqs_word_row high = {outside, 0};
        if (PQS_LIKELY((uint32_t)y < height)) {
            low.source = image + y * row_size;
            low.step = step;
        }
        if (PQS_LIKELY((uint32_t)(y + distance) < height)) {
            high.source = image + (y + distance) * row_size;
            high.step = step;
        }
        if (planes == 4) {
            pqs_lay_row(low, high, width, 4, size, words);
        } else {
            pqs_lay_row(low, high, width, 1, size, words);
        }
        words += columns;
    }
}

/** Sets what lies outside the input on its left and right, and all else, to the zero point. */
PQS_INLINE void pqs_clear_words(const pqs_depthwise_conv2d_params *params, int32_t count, int32_t *words)
{
    const int32_t value = pqs_pair_word(params->input_zero_point, params->input_zero_point);
    for (; count > 0; count--) {
        *words++ = value;
    }
}

/* ---- Sums ---- */

/**
 * Writes a channel's table, for sums times `scale`, which start at a bias that has been multiplied by it. Taps that were
 * unpacked lie where the table has what follows its weights, so they are taken before that is written.
 */
PQS_INLINE void pqs_write_word_table(const pqs_word_strip *strip,
                                     pqs_channel_taps taps,
                                     int32_t scale,
                                     int32_t bias,
                                     const pqs_moderate_factors *factors)
{
    pqs_word_table *const table = strip->table;
    for (int32_t pixel = 0; pixel < PQS_WORD_PIXELS; pixel++) {
        table->starts[pixel].low = (uint32_t)PQS_LANE_START << PQS_WORD_FRACTION;
        table->starts[pixel].high = bias;
    }
    for (int32_t tap = 0; tap < 9; tap++) {
        table->weights[tap] = *taps.first * (scale << PQS_WORD_FRACTION);
        taps.first += taps.step;
    }
    table->next_row = 4 * (strip->stride_height * strip->columns - 2 * strip->row_step);
    table->factors.factors = *factors;
    table->factors.bias = bias - PQS_LANE_START;
    table->output_step = strip->output_step;
}

/** What some neighbouring pixels come to. */
typedef struct {
    pqs_word_sums sums[PQS_WORD_PIXELS];
    pqs_word_factors factors;
    int32_t output_step;
    const int32_t *below; /* the first row of taps of the first pixel's neighbour below */
} pqs_word_run;

#if defined(PQS_THUMB2_LOOPS)

/* A row of taps: of one pixel, of two, of three. The accumulators are pairs of registers from r3 on. */

#define PQS_WORD_TAPS "    ldmia r1!, {r11, r12, lr}\n"

#define PQS_WORD_ROW_1                                                                                                 \
    PQS_WORD_TAPS                                                                                                      \
    "    ldm r0, {r5, r6, r7}\n"                                                                                       \
    "    smlal r3, r4, r5, r11\n"                                                                                      \
    "    smlal r3, r4, r6, r12\n"                                                                                      \
    "    smlal r3, r4, r7, lr\n"

#define PQS_WORD_ROW_2                                                                                                 \
    PQS_WORD_TAPS                                                                                                      \
    "    ldm r0, {r7, r8, r9, r10}\n"                                                                                  \
    "    smlal r3, r4, r7, r11\n"                                                                                      \
    "    smlal r5, r6, r8, r11\n"                                                                                      \
    "    smlal r3, r4, r8, r12\n"                                                                                      \
    "    smlal r5, r6, r9, r12\n"                                                                                      \
    "    smlal r3, r4, r9, lr\n"                                                                                       \
    "    smlal r5, r6, r10, lr\n"

#define PQS_WORD_ROW_3                                                                                                 \
    PQS_WORD_TAPS                                                                                                      \
    "    ldrd r9, r10, [r0]\n"                                                                                         \
    "    smlal r3, r4, r9, r11\n"                                                                                      \
    "    smlal r5, r6, r10, r11\n"                                                                                     \
    "    smlal r3, r4, r10, r12\n"                                                                                     \
    "    ldrd r9, r10, [r0, #8]\n"                                                                                     \
    "    smlal r7, r8, r9, r11\n"                                                                                      \
    "    smlal r5, r6, r9, r12\n"                                                                                      \
    "    smlal r3, r4, r9, lr\n"                                                                                       \
    "    ldr r9, [r0, #16]\n"                                                                                          \
    "    smlal r7, r8, r10, r12\n"                                                                                     \
    "    smlal r5, r6, r10, lr\n"                                                                                      \
    "    smlal r7, r8, r9, lr\n"

#define PQS_WORD_RUN(starts, row)                                                                                      \
    "    ldmia r1!, " starts "\n" row "    add r0, r0, r2\n" row "    add r0, r0, r2\n" row                            \
    "    ldm r1, {r2, r9, r10, r11, r12, lr}\n"                                                                        \
    "    add r0, r0, r2\n"

/**
 * Computes the sums of `pixels` neighbouring pixels, a constant. In assembly, since this takes every register, and
 * compilers do not load several at once. What follows the sums comes out of the table by one of these loads.
 */
PQS_INLINE pqs_word_run pqs_run_words(const pqs_word_table *shared,
                                      int32_t row_step,
                                      const int32_t *plane,
                                      int32_t pixels)
{
    register const int32_t *taps __asm__("r0") = plane;
    register const pqs_word_sums *table __asm__("r1") = shared->starts + (PQS_WORD_PIXELS - pixels);
    register int32_t step __asm__("r2") = 4 * row_step;
    register uint32_t low0 __asm__("r3");
    register int32_t high0 __asm__("r4");
    register uint32_t low1 __asm__("r5");
    register int32_t high1 __asm__("r6");
    register uint32_t low2 __asm__("r7");
    register int32_t high2 __asm__("r8");
    register int32_t multiplier __asm__("r9");
    register int32_t exponent __asm__("r10");
    register int32_t addend __asm__("r11");
    register int32_t bias __asm__("r12");
    register int32_t output_step __asm__("lr");
    pqs_word_run run;
    if (pixels == 1) {
        __asm__ volatile(PQS_WORD_RUN("{r3, r4}", PQS_WORD_ROW_1)
                         : "+r"(taps),
                           "+r"(table),
                           "+r"(step),
                           "=&r"(low0),
                           "=&r"(high0),
                           "=&r"(multiplier),
                           "=&r"(exponent),
                           "=&r"(addend),
                           "=&r"(bias),
                           "=&r"(output_step)
                         :
                         : "r5", "r6", "r7", "memory");
    } else if (pixels == 2) {
        __asm__ volatile(PQS_WORD_RUN("{r3, r4, r5, r6}", PQS_WORD_ROW_2)
                         : "+r"(taps),
                           "+r"(table),
                           "+r"(step),
                           "=&r"(low0),
                           "=&r"(high0),
                           "=&r"(low1),
                           "=&r"(high1),
                           "=&r"(multiplier),
                           "=&r"(exponent),
                           "=&r"(addend),
                           "=&r"(bias),
                           "=&r"(output_step)
                         :
                         : "r7", "r8", "memory");
    } else {
        __asm__ volatile(PQS_WORD_RUN("{r3, r4, r5, r6, r7, r8}", PQS_WORD_ROW_3)
                         : "+r"(taps),
                           "+r"(table),
                           "+r"(step),
                           "=&r"(low0),
                           "=&r"(high0),
                           "=&r"(low1),
                           "=&r"(high1),
                           "=&r"(low2),
                           "=&r"(high2),
                           "=&r"(multiplier),
                           "=&r"(exponent),
                           "=&r"(addend),
                           "=&r"(bias),
                           "=&r"(output_step)
                         :
                         : "memory");
        run.sums[2].low = low2;
        run.sums[2].high = high2;
    }
    if (pixels > 1) {
        run.sums[1].low = low1;
        run.sums[1].high = high1;
    }
    run.sums[0].low = low0;
    run.sums[0].high = high0;
    run.factors.factors.multiplier = multiplier;
    run.factors.factors.exponent = exponent;
    run.factors.factors.addend = addend;
    run.factors.bias = bias;
    run.output_step = output_step;
    run.below = taps;
    return run;
}

#else

PQS_INLINE pqs_word_run pqs_run_words(const pqs_word_table *table,
                                      int32_t row_step,
                                      const int32_t *plane,
                                      int32_t pixels)
{
    pqs_word_run run;
    int64_t lanes[PQS_WORD_PIXELS];
    for (int32_t pixel = 0; pixel < pixels; pixel++) {
        lanes[pixel] = table->starts[pixel].high * ((int64_t)1 << 32) + table->starts[pixel].low;
    }
    for (int32_t row = 0; row < 3; row++) {
        const int32_t *const taps = plane + row * row_step;
        for (int32_t pixel = 0; pixel < pixels; pixel++) {
            for (int32_t tap = 0; tap < 3; tap++) {
                lanes[pixel] += (int64_t)taps[pixel + tap] * table->weights[3 * row + tap];
            }
        }
    }
    for (int32_t pixel = 0; pixel < pixels; pixel++) {
        run.sums[pixel].low = (uint32_t)lanes[pixel];
        run.sums[pixel].high = (int32_t)(lanes[pixel] >> 32);
    }
    run.factors = table->factors;
    run.output_step = table->output_step;
    run.below = plane + 2 * row_step + table->next_row / 4;
    return run;
}

#endif

/* ---- Outputs ---- */

/** The low lane's sum, with `bias` less what the lane starts at. */
PQS_INLINE int32_t pqs_low_word_sum(pqs_word_sums sums, int32_t bias)
{
    return (int32_t)(sums.low >> PQS_WORD_FRACTION) + bias;
}

/** The output of a moderate sum. */
PQS_INLINE int8_t pqs_word_output(int32_t sum, const pqs_moderate_factors *factors, int rounding, int is_least)
{
    return (int8_t)(is_least ? pqs_requantize_moderate_least(sum, factors)
                             : pqs_requantize_moderate(sum, factors, rounding));
}

/** Computes `pixels` neighbouring pixels, a constant, of each row of a strip, the first being `x`. */
PQS_INLINE void pqs_convolve_word_column(
    const pqs_word_strip *strip, int32_t x, int32_t pixels, int8_t *output, int rounding, int is_least)
{
    /* Copies, which stores to the output cannot change. */
    const pqs_word_table *const table = strip->table;
    const int32_t row_step = strip->row_step;
    const int32_t output_row = strip->output_row;
    const int32_t output_distance = strip->output_distance;
    const int32_t *plane = strip->plane + x * strip->stride_width;
    const int32_t *const end = plane + strip->length;
    output += x * strip->output_step;
    do {
        const pqs_word_run run = pqs_run_words(table, row_step, plane, pixels);
        const pqs_moderate_factors factors = run.factors.factors;
        int8_t *const second = output + output_distance;
        for (int32_t pixel = 0; pixel < pixels; pixel++) {
            const int32_t low = pqs_low_word_sum(run.sums[pixel], run.factors.bias);
            output[pixel * run.output_step] = pqs_word_output(low, &factors, rounding, is_least);
        }
        for (int32_t pixel = 0; pixel < pixels; pixel++) {
            second[pixel * run.output_step] = pqs_word_output(run.sums[pixel].high, &factors, rounding, is_least);
        }
        output += output_row;
        PQS_OPAQUE(output);
        plane = run.below;
    } while (plane != end);
}

/**
 * Computes one output channel of a strip, column by column of two or three pixels, where the stride is one.
 *
 * @returns the first pixel of a row that is left.
 */
PQS_INLINE int32_t pqs_convolve_wide_columns(const pqs_word_strip *strip, int8_t *output, int rounding, int is_least)
{
    /* Outputs of double rounding mostly have the least zero point, that of fused activations; others are worth less
     * code. */
    const int has_three = rounding == PQS_ROUNDING_SINGLE || is_least;
    int32_t x = 0;
    if (strip->stride_width == 1) {
        for (; has_three && x + 3 <= strip->output_width && x + 4 != strip->output_width; x += 3) {
            pqs_convolve_word_column(strip, x, 3, output, rounding, is_least);
        }
        for (; x + 2 <= strip->output_width; x += 2) {
            pqs_convolve_word_column(strip, x, 2, output, rounding, is_least);
        }
    }
    return x;
}

/** Computes what is left of an output channel of a strip, from pixel `x` of a row on. */
PQS_INLINE void pqs_convolve_single_columns(const pqs_word_strip *strip, int32_t x, int8_t *output, int rounding)
{
    for (; x < strip->output_width; x++) {
        pqs_convolve_word_column(strip, x, 1, output, rounding, 0);
    }
}

#endif /* !PQS_NO_LONG_MULTIPLY */

#endif /* PQS_PLANES_WORDS_H */
