/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_wide.h"

#if !defined(PQS_MVE)

PQS_NOINLINE void pqs_wide_sum_groups(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums)
{
    pqs_wide_sum_any(channel, rows, sums, PQS_PACKED_BY_GROUPS);
}

void pqs_conv2d_packed_wide_double(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_wide_run(params, input, output, scratch, pqs_wide_sum_groups, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_packed_wide_single(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_wide_run(params, input, output, scratch, pqs_wide_sum_groups, PQS_ROUNDING_SINGLE);
}

#endif /* !PQS_MVE */
