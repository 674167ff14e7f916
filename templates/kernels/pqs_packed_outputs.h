/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_outputs.h
 * @brief Outputs of sums, for the convolutions of pruned weights.
 */
#ifndef PQS_PACKED_OUTPUTS_H
#define PQS_PACKED_OUTPUTS_H

#include "pqs_packed.h"

#if !defined(PQS_MVE)

#if !defined(PQS_NO_LONG_MULTIPLY)

/**
 * True for a shift with which single rounding is one product: its upper word, plus half of the output's last digit and
 * the zero point, shifted to the right by -1 - shift, which is greater than 0.
 */
PQS_INLINE int pqs_packed_has_product(int32_t shift)
{
    return shift < -1 && shift > -22;
}

#endif

/** A bound of sums that have none. */
#define PQS_PACKED_UNBOUNDED 0xFFFFFFFFu

/**
 * Writes the outputs of a channel.
 *
 * @param sums of which none is greater than `bound`, nor less than -`bound`.
 */
void pqs_packed_write_double(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             int32_t count,
                             int8_t *output);

/** The same with single rounding. */
void pqs_packed_write_single(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             int32_t count,
                             int8_t *output);

#endif /* !PQS_MVE */

#endif /* PQS_PACKED_OUTPUTS_H */
