/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_lanes.h"

/* Apart, as in pqs_packed_conv2d.c. */

PQS_NOINLINE void pqs_packed_sum_gaps(const pqs_packed_conv2d_params *params,
                                      const int8_t *codes,
                                      const uint8_t *segments,
                                      int32_t bias,
                                      const pqs_packed_room *room)
{
    pqs_packed_sum(params, codes, segments, bias, room, PQS_PACKED_BY_GAPS);
}

PQS_NOINLINE void
pqs_packed_run_gaps_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_packed_run(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_PACKED_BY_GAPS, pqs_packed_sum_gaps);
}

PQS_NOINLINE void
pqs_packed_run_gaps_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_packed_run(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_PACKED_BY_GAPS, pqs_packed_sum_gaps);
}

void pqs_conv2d_packed_gaps_double(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_packed_run_gaps_double(params, input, output, scratch);
    pqs_saturate_packed_conv2d(params, output, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_packed_gaps_single(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_packed_run_gaps_single(params, input, output, scratch);
    pqs_saturate_packed_conv2d(params, output, PQS_ROUNDING_SINGLE);
}
