/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_saturate.h
 * @brief Outputs of saturated sums, from outputs of the sums themselves.
 *
 * An output never falls while its sum grows. So the output of a saturated sum is that of the sum itself, between those of
 * the accumulator's limits; where they are beyond what an output can be, as they mostly are, there is nothing to do.
 */
#ifndef PQS_SATURATE_H
#define PQS_SATURATE_H

#include "pqs_requantize.h"

/** The sums of a layer's channels and what turns them into outputs; see pqs_kernels.h, "Saturated sums". */
typedef struct {
    const int32_t *least_sums;
    int32_t sum_span;
    const int32_t *multipliers;
    const int8_t *shifts;
    int32_t channels;
    int32_t zero_point;
    int32_t lowest; /* output */
    int32_t highest;
} pqs_saturation;

/** Changes outputs, [pixels][channels], to those of saturated sums, of double rounding. */
void pqs_saturate_outputs_double(const pqs_saturation *saturation, int32_t pixels, int8_t *output);

/** The same of single rounding. */
void pqs_saturate_outputs_single(const pqs_saturation *saturation, int32_t pixels, int8_t *output);

#endif /* PQS_SATURATE_H */
