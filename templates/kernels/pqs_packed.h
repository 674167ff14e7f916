/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed.h
 * @brief Rows of pixels in lanes, and outputs of sums, for the convolutions of pruned weights.
 */
#ifndef PQS_PACKED_H
#define PQS_PACKED_H

#include "pqs_packed_pixels.h"
#include "pqs_requantize.h"

#if !defined(PQS_MVE)

/** Pixels of a block. What a weight is multiplied by, over all those pixels, is a row. */
#define PQS_PACKED_PIXELS 16

/** Words of a row, each of a pair of neighbouring pixels: x1 * 2^lane + x0. */
#define PQS_PACKED_WORDS 8

/** Bytes of the four rows of a group. */
#define PQS_PACKED_GROUP 128

/** Bits from one wide lane to the next: two of them need a sum of 64 bits, which is no lane of other cores. */
#if defined(PQS_NO_LONG_MULTIPLY)
#define PQS_PACKED_WIDE_LANE 16
#else
#define PQS_PACKED_WIDE_LANE 23
#endif

/* ---- Rows ---- */

/** What a kernel works in. */
typedef struct {
    int32_t *sums;            /* of the pixels of a block */
    pqs_packed_pixel *pixels; /* room for four, and the next */
    uint32_t *rows;
} pqs_packed_room;

/** Divides the scratch, and begins with the first pixel. */
PQS_INLINE pqs_packed_room pqs_packed_begin(const pqs_packed_conv2d_params *params, void *scratch)
{
    pqs_packed_room room;
    room.sums = (int32_t *)scratch;
    room.pixels = (pqs_packed_pixel *)(void *)(room.sums + PQS_PACKED_PIXELS);
    int8_t *const rest = (int8_t *)(room.pixels + 5);
    /* A group must not cross a multiple of its size, so that a position can be inserted into an address. */
    room.rows = (uint32_t *)(void *)(rest + (0u - (uintptr_t)rest) % PQS_PACKED_GROUP);
    room.pixels[4] = pqs_packed_first_pixel(params);
    return room;
}

/** Writes the rows of a block of `count` pixels, in lanes 16 bits apart. */
void pqs_packed_gather_16(
    const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_packed_room *room, int32_t count);

/* The same in wide lanes. */
#if PQS_PACKED_WIDE_LANE != 16
void pqs_packed_gather_wide(
    const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_packed_room *room, int32_t count);
#else
#define pqs_packed_gather_wide pqs_packed_gather_16
#endif

/* ---- Outputs ---- */

/** Writes the outputs of a channel. */
void pqs_packed_write_double(
    const pqs_packed_conv2d_params *params, int32_t channel, int32_t *sums, int32_t count, int8_t *output);

/** The same with single rounding. */
void pqs_packed_write_single(
    const pqs_packed_conv2d_params *params, int32_t channel, int32_t *sums, int32_t count, int8_t *output);

#endif /* !PQS_MVE */

#endif /* PQS_PACKED_H */
