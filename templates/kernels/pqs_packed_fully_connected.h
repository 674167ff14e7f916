/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_fully_connected.h
 * @brief What the kernels that take pqs_packed_fully_connected_params share.
 */
#ifndef PQS_PACKED_FULLY_CONNECTED_H
#define PQS_PACKED_FULLY_CONNECTED_H

#include "pqs_pair_words.h"
#include "pqs_requantize.h"

/** Channels that are computed at once. */
#define PQS_PACKED_CHANNELS 4

/** Inputs of a group. */
#define PQS_GROUP_INPUTS 4

/**
 * Prepares a row of inputs: for each group its six pairs, as halves: 0 and 1, 0 and 2, 0 and 3, 1 and 2, 1 and 3, 2 and
 * 3. A group that makes their number even has weights of 0, but its pairs must be something.
 */
void pqs_pair_inputs(const int8_t *input, int32_t count, uint32_t *pairs);

/** The channels from `channel` on, at most four, that there are. */
PQS_INLINE int32_t pqs_packed_channels(const pqs_packed_fully_connected_params *params, int32_t channel)
{
    return pqs_min(params->output_size - channel, PQS_PACKED_CHANNELS);
}

/** What sums of products are added to: the biases of `count` channels. */
PQS_INLINE void pqs_packed_biases(const pqs_packed_fully_connected_params *params,
                                  int32_t channel,
                                  int32_t count,
                                  int32_t sums[PQS_PACKED_CHANNELS])
{
    const int32_t *const bias = params->bias + channel;
    if (PQS_LIKELY(count == PQS_PACKED_CHANNELS)) {
        memcpy(sums, bias, PQS_PACKED_CHANNELS * sizeof *sums);
        return;
    }
    for (int32_t index = 0; index < PQS_PACKED_CHANNELS; index++) {
        sums[index] = index < count ? bias[index] : 0;
    }
}

/** Writes the outputs of `count` channels. */
PQS_INLINE void pqs_packed_outputs(const pqs_packed_fully_connected_params *params,
                                   int32_t channel,
                                   int32_t count,
                                   int32_t sums[PQS_PACKED_CHANNELS],
                                   int8_t *output,
                                   int rounding)
{
    const int32_t *const multipliers = params->multipliers + channel;
    const int8_t *const shifts = params->shifts + channel;
    const int32_t zero_point = params->output_zero_point;
    output += channel;
    if (params->least_sums != NULL) {
        const int32_t *const least_sums = params->least_sums + channel;
        const int32_t span = params->sum_span;
        for (int32_t index = 0; index < count; index++) {
            sums[index] = pqs_clamp(sums[index], least_sums[index], least_sums[index] + span);
        }
    }
    for (int32_t index = 0; index < count; index++) {
        output[index] = (int8_t)pqs_requantize(sums[index], multipliers[index], shifts[index], zero_point, rounding);
    }
}

#endif /* PQS_PACKED_FULLY_CONNECTED_H */
