/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_stored.h
 * @brief Weights of a channel as pruned layers store them (pqs_kernels.h, "Storage of the weights").
 */
#ifndef PQS_STORED_H
#define PQS_STORED_H

#include "pqs_internal.h"

/** Where the weights of a channel are stored, and with them those of all channels after it. */
typedef struct {
    const int8_t *weights;
    const uint8_t *positions; /* NULL: dense or coded */
    int32_t group_codes;      /* 0: not coded */
    int32_t position_bits;
} pqs_stored;

PQS_INLINE pqs_stored pqs_stored_weights(const pqs_narrow_params *params)
{
    pqs_stored stored;
    stored.weights = params->weights;
    stored.positions = params->positions;
    stored.group_codes = params->group_codes;
    stored.position_bits = params->position_bits;
    return stored;
}

/** What of a code is the position in its group. */
PQS_INLINE int32_t pqs_position_mask(const pqs_stored *stored)
{
    return pqs_shift_left(1, stored->position_bits) - 1;
}

/** Bits of a mask that are loaded at once. */
#define PQS_MASK_BITS 32

/** A mask in the order that pqs_first_position wants. */
PQS_INLINE uint32_t pqs_order_mask(uint32_t mask)
{
#if defined(PQS_CLZ)
    __asm__("rbit %0, %0" : "+r"(mask));
#endif
    return mask;
}

/** Loads the next bits of a mask, of which `left` are left, in the order that pqs_first_position wants. */
PQS_INLINE uint32_t pqs_load_mask(const uint8_t **positions, int32_t left)
{
    const uint8_t *bytes = *positions;
    uint32_t mask = 0;
    if (left >= PQS_MASK_BITS) {
        mask = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
        bytes += 4;
    } else {
        for (int32_t bit = 0; bit < left; bit += 8) {
            mask |= (uint32_t)*bytes++ << bit;
        }
    }
    *positions = bytes;
    return pqs_order_mask(mask);
}

/** The number of the first bit that is set in a mask that is not 0. */
PQS_INLINE uint32_t pqs_first_position(uint32_t mask)
{
#if defined(PQS_CLZ)
    return (uint32_t)__builtin_clz(mask);
#else
    /* The five top bits of the product differ for each power of two. */
    static const uint8_t positions[32] = {0,  1,  28, 2,  29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
                                          31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9};
    return positions[((mask & (0u - mask)) * 0x077CB531u) >> 27];
#endif
}

/** A mask without its first bit that is set, which has the number `position`. */
PQS_INLINE uint32_t pqs_without_position(uint32_t mask, uint32_t position)
{
#if defined(PQS_CLZ)
    return mask & ~(0x80000000u >> position);
#else
    (void)position;
    return mask & (mask - 1u);
#endif
}

#endif /* PQS_STORED_H */
