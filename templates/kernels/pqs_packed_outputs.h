/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_outputs.h
 * @brief Outputs of sums, for the convolutions of pruned weights.
 */
#ifndef PQS_PACKED_OUTPUTS_H
#define PQS_PACKED_OUTPUTS_H

#include "pqs_packed.h"
#include "pqs_requantize.h"

/** A bound of sums that have none. */
#define PQS_PACKED_UNBOUNDED 0xFFFFFFFFu

/**
 * Writes the outputs of a channel, those of its sums as they are.
 *
 * @param sums of which none is greater than `bound`, nor less than -`bound`.
 * @param block the pixels that they are of.
 */
void pqs_packed_write_double(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             const pqs_packed_blocks *block,
                             int8_t *output);

/** The same with single rounding. */
void pqs_packed_write_single(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             const pqs_packed_blocks *block,
                             int8_t *output);

/** The same with a rounding, a constant. */
PQS_INLINE void pqs_packed_write_channel(const pqs_packed_conv2d_params *params,
                                         int32_t channel,
                                         int32_t *sums,
                                         uint32_t bound,
                                         const pqs_packed_blocks *block,
                                         int8_t *output,
                                         int rounding)
{
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_packed_write_double(params, channel, sums, bound, block, output);
    } else {
        pqs_packed_write_single(params, channel, sums, bound, block, output);
    }
}

#endif /* PQS_PACKED_OUTPUTS_H */
