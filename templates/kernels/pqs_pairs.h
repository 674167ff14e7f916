/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_pairs.h
 * @brief Pairs of inputs, and sums of their products, for the convolutions of pruned weights by two weights at once.
 */
#ifndef PQS_PAIRS_H
#define PQS_PAIRS_H

#include "pqs_packed_pixels.h"
#include "pqs_pair_words.h"

/*
 * Of four neighbouring inputs, of which a channel keeps two, all six pairs are laid out as halves of words. A weight's
 * pair is multiplied with the pair of inputs it belongs to by one instruction, into a sum of 32 bits: no lane to part.
 */

/** Pixels of a block. */
#define PQS_PAIRS_PIXELS 8

/** Words of a group of four inputs: for each pixel its six pairs, and room that makes the number of a pair an offset. */
#define PQS_PAIRS_GROUP 64

/** Bytes that a group must not cross a multiple of, so that a pair's number can be inserted into an address. */
#define PQS_PAIRS_ALIGNMENT 256

#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP) && defined(PQS_THUMB2_LOOPS)
#define PQS_PAIRS_ASSEMBLY 1
#endif

/** What a kernel works in, and where it is. */
typedef struct {
    pqs_packed_pixel *pixels; /* of a block, and the next */
    int8_t *padding;          /* inputs of a pixel outside */
    uint32_t *pairs;
    int32_t count;  /* pixels of the block */
    int32_t output; /* where the block's outputs are */
    int32_t left;   /* pixels after the block */
    /* In columns of blocks only: */
    int32_t image; /* where the next block's image starts in the input */
    int32_t first; /* and in the output */
    int32_t y;
    int32_t x;
} pqs_pairs_room;

/** Divides the scratch, and stands before the first block. */
pqs_pairs_room pqs_pairs_begin(const pqs_packed_conv2d_params *params, void *scratch);

/**
 * Moves on to the next block, and writes the pairs of its inputs.
 *
 * Where rows are whole blocks and windows overlap, blocks come in columns of them, downwards, so that what windows have
 * in common is copied; else in the order of the pixels, through rows and images.
 *
 * @return 0 where there is none.
 */
int pqs_pairs_next(const pqs_packed_conv2d_params *params, const int8_t *input, pqs_pairs_room *room);

/* ---- Sums ---- */

#if defined(PQS_PAIRS_ASSEMBLY)

/*
 * In assembly, since compilers neither insert a pair's number into an address nor find registers for all. They are
 * named, since there is one way only to assign them. Kernels have their own ways to pairs of weights: w and c are theirs.
 */

#define PQS_PAIRS_TWO(first, second, offset, weights)                                                                  \
    "ldrd %[x0], %[x1], [%[group], #" #offset "]\n\t"                                                                  \
    "smlad %[" #first "], %[x0], %[" #weights "], %[" #first "]\n\t"                                                   \
    "smlad %[" #second "], %[x1], %[" #weights "], %[" #second "]\n\t"

/** Adds the products of a group that is `offset` bytes from the address. */
#define PQS_PAIRS_EIGHT(offset, weights)                                                                               \
    PQS_PAIRS_TWO(a0, a1, offset, weights)                                                                             \
    PQS_PAIRS_TWO(a2, a3, offset + 8, weights)                                                                         \
    PQS_PAIRS_TWO(a4, a5, offset + 16, weights)                                                                        \
    PQS_PAIRS_TWO(a6, a7, offset + 24, weights)

/** The body of a pqs_pairs_sum_function whose loop is `run`. */
#define PQS_PAIRS_SUM(run)                                                                                             \
    register const int8_t *next __asm__("r0") = codes;                                                                 \
    register uintptr_t group __asm__("r1") = (uintptr_t)pairs;                                                         \
    register uint32_t x0 __asm__("r2");                                                                                \
    register uint32_t x1 __asm__("r3");                                                                                \
    register int32_t a0 __asm__("r4") = 0;                                                                             \
    register int32_t a1 __asm__("r5") = 0;                                                                             \
    register int32_t a2 __asm__("r6") = 0;                                                                             \
    register uint32_t w __asm__("r7");                                                                                 \
    register int32_t a3 __asm__("r8") = 0;                                                                             \
    register int32_t a4 __asm__("r9") = 0;                                                                             \
    register int32_t a5 __asm__("r10") = 0;                                                                            \
    register int32_t a6 __asm__("r11") = 0;                                                                            \
    register int32_t a7 __asm__("r12") = 0;                                                                            \
    register uint32_t c __asm__("lr");                                                                                 \
    __asm__ volatile(run : [codes] "+r"(next), [group] "+r"(group), [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2),       \
                     [a3] "+r"(a3), [a4] "+r"(a4), [a5] "+r"(a5), [a6] "+r"(a6), [a7] "+r"(a7), [x0] "=&r"(x0),        \
                     [x1] "=&r"(x1), [w] "=&r"(w), [c] "=&r"(c)                                                        \
                     :                                                                                                 \
                     : "cc", "memory");                                                                                \
    sums[0] = a0;                                                                                                      \
    sums[1] = a1;                                                                                                      \
    sums[2] = a2;                                                                                                      \
    sums[3] = a3;                                                                                                      \
    sums[4] = a4;                                                                                                      \
    sums[5] = a5;                                                                                                      \
    sums[6] = a6;                                                                                                      \
    sums[7] = a7

#else

/** Adds the products of a group's weights with the pair of inputs of that number. */
PQS_INLINE void
pqs_pairs_add_group(const uint32_t *group, uint32_t number, uint32_t weights, int32_t sums[PQS_PAIRS_PIXELS])
{
    const uint32_t *const inputs = group + (number & 7u) * PQS_PAIRS_PIXELS;
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        sums[pixel] = pqs_pairs_add(weights, inputs[pixel], sums[pixel]);
    }
}

#endif

#endif /* PQS_PAIRS_H */
