/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed.h
 * @brief Rows of pixels in lanes, for the convolutions of pruned weights.
 */
#ifndef PQS_PACKED_H
#define PQS_PACKED_H

#include "pqs_packed_pixels.h"

/** Pixels of a block where words have two. What a weight is multiplied by, over all those pixels, is a row. */
#define PQS_PACKED_PIXELS 16

/**
 * Words of a row. Word i has pixel i in its low lane and pixel i + PQS_PACKED_WORDS, or none, in its high one: the words of
 * windows one pixel further are those of these windows, moved by one.
 */
#define PQS_PACKED_WORDS 8

/** Bytes of the four rows of a group. */
#define PQS_PACKED_GROUP 128

/**
 * Bits from one wide lane to the next: two of them need a sum of 64 bits. Where there are no products of 64 bits,
 * they are all of the word: it has one pixel, and a block half as many.
 */
#if defined(PQS_NO_LONG_MULTIPLY)
#define PQS_PACKED_WIDE_LANE 32
#define PQS_PACKED_WIDE_PIXELS PQS_PACKED_WORDS
#else
#define PQS_PACKED_WIDE_LANE 23
#define PQS_PACKED_WIDE_PIXELS PQS_PACKED_PIXELS
#endif

/** What tells a code's position: in its group, or the zeros before it; see pqs_kernels.h, "Codes". */
#define PQS_PACKED_BY_GROUPS 0
#define PQS_PACKED_BY_GAPS 1

/* ---- Rows ---- */

/** What a kernel works in. */
typedef struct {
    pqs_packed_pixel *low;    /* the next pixel in a low lane, where words have two */
    pqs_packed_pixel *high;   /* the next one in a high lane, or of all */
    pqs_packed_pixel *pixels; /* four, whose inputs are laid out; where sums and their list are later */
    int32_t *sums;            /* of a block's pixels: of the first of either half, of the second of either, and so on */
    uint32_t *rows;
} pqs_packed_room;

/** Room behind the sums for a byte for each. */
PQS_INLINE uint8_t *pqs_packed_list(int32_t *sums)
{
    return (uint8_t *)(void *)(sums + PQS_PACKED_PIXELS);
}

/** Divides the scratch, and begins with the first pixel. */
PQS_INLINE pqs_packed_room pqs_packed_begin(const pqs_packed_conv2d_params *params, void *scratch)
{
    pqs_packed_room room;
    room.low = (pqs_packed_pixel *)scratch;
    room.high = room.low + 1;
    room.pixels = room.low + 2;
    room.sums = (int32_t *)(void *)room.pixels;
    int8_t *const rest = (int8_t *)(room.pixels + 4);
    /* A group must not cross a multiple of its size, so that a position can be inserted into an address. */
    room.rows = (uint32_t *)(void *)(rest + (0u - (uintptr_t)rest) % PQS_PACKED_GROUP);
    *room.high = pqs_packed_first_pixel(params);
    return room;
}

/**
 * A block of pixels. Where there are as many as a block has, all blocks do, and the last one repeats some of the one
 * before.
 */
typedef struct {
    int32_t first;
    int32_t count;
    int32_t repeated; /* how many of these pixels the block before has too */
    int32_t all;      /* pixels of the output */
    int32_t pixels;   /* of a whole block */
} pqs_packed_blocks;

/** The first block. */
PQS_INLINE pqs_packed_blocks pqs_packed_first_block(const pqs_packed_conv2d_params *params, int32_t pixels)
{
    pqs_packed_blocks blocks;
    blocks.pixels = pixels;
    blocks.first = 0;
    blocks.all = params->batches * params->output_height * params->output_width;
    blocks.count = pqs_min(blocks.all, pixels);
    blocks.repeated = 0;
    return blocks;
}

/** Moves on to the next block, which has no pixels when there is none. */
PQS_INLINE void pqs_packed_next_block(pqs_packed_blocks *blocks)
{
    blocks->first += blocks->count;
    const int32_t left = blocks->all - blocks->first;
    if (left < blocks->count) {
        blocks->repeated = blocks->count - left;
        blocks->first -= blocks->repeated;
        blocks->count = left == 0 ? 0 : blocks->count;
    }
}

/** Writes the rows of a block, the next one, in lanes 16 bits apart. */
void pqs_packed_gather_16(const pqs_packed_conv2d_params *params,
                          const int8_t *input,
                          const pqs_packed_room *room,
                          const pqs_packed_blocks *block);

/** The same in wide lanes. */
void pqs_packed_gather_wide(const pqs_packed_conv2d_params *params,
                            const int8_t *input,
                            const pqs_packed_room *room,
                            const pqs_packed_blocks *block);

/* ---- Products ---- */

#if defined(PQS_THUMB1_LOOPS)

/** Sets the other accumulators to the first. */
#define PQS_PACKED_ALL_ALIKE                                                                                           \
    "mov r5, r4\n\t"                                                                                                   \
    "mov r6, r4\n\t"                                                                                                   \
    "mov r7, r4\n\t"                                                                                                   \
    "mov r8, r4\n\t"                                                                                                   \
    "mov r9, r4\n\t"                                                                                                   \
    "mov r10, r4\n\t"                                                                                                  \
    "mov r11, r4\n"

/** Adds the next two words of a row, at r3, times a weight in r2 to two accumulators; r0 and r1 are the words. */
#define PQS_PACKED_TWO(first, second)                                                                                  \
    "ldm r3!, {r0, r1}\n\t"                                                                                            \
    "muls r0, r2\n\t"                                                                                                  \
    "add " #first ", r0\n\t"                                                                                           \
    "muls r1, r2\n\t"                                                                                                  \
    "add " #second ", r1\n\t"

#endif

#endif /* PQS_PACKED_H */
