/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_codes.h
 * @brief Codes of pruned weights (pqs_kernels.h, "Codes") in vectors.
 */
#ifndef PQS_CODES_H
#define PQS_CODES_H

#include "pqs_internal.h"

#if defined(PQS_MVE)

/** How codes lie in a vector. */
typedef struct {
    uint8x16_t groups; /* the first input of each lane's group */
    uint8x16_t mask;   /* of a position in a code */
    int32_t codes;     /* in each vector */
    int32_t inputs;    /* that they cover: a power of two, at most 256 */
} pqs_code_lanes;

/** The vector's lanes for as many groups as fit, in a power of two. */
pqs_code_lanes pqs_get_code_lanes(int32_t position_bits, int32_t group_codes);

/** Where the inputs of codes are, counted from the first group's first one. */
PQS_INLINE uint8x16_t pqs_code_offsets(int8x16_t codes, uint8x16_t groups, uint8x16_t mask)
{
    return vaddq_u8(vandq_u8(vreinterpretq_u8_s8(codes), mask), groups);
}

#endif /* PQS_MVE */

#endif /* PQS_CODES_H */
