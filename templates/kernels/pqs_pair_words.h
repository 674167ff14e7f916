/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_pair_words.h
 * @brief Pairs of pruned weights, as halves of words, for the kernels that multiply two at once.
 */
#ifndef PQS_PAIR_WORDS_H
#define PQS_PAIR_WORDS_H

#include "pqs_internal.h"

/** Pairs that there are of four inputs. */
#define PQS_PAIRS 6

/** Where a word of two groups has the first's weights: in the upper bits of both halves, so that sums are 2^10-fold. */
#define PQS_PAIRS_WEIGHTS 0xFC00FC00u
#define PQS_PAIRS_SHIFT 10

/** The bits from a word's first pair of weights down to its second one. */
#define PQS_PAIRS_SECOND 6u

/** Adds the products of a pair of weights with a pair of inputs. */
PQS_INLINE int32_t pqs_pairs_add(uint32_t weights, uint32_t inputs, int32_t sum)
{
#if defined(PQS_DSP)
    return pqs_multiply_add_halves(weights, inputs, sum);
#else
    const int32_t first =
        (int32_t)(int16_t)(uint16_t)(weights & 0xFFFFu) * (int32_t)(int16_t)(uint16_t)(inputs & 0xFFFFu);
    return sum + first + ((int32_t)weights >> 16) * ((int32_t)inputs >> 16);
#endif
}

#endif /* PQS_PAIR_WORDS_H */
