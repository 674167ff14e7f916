/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_lanes.h"

#if !defined(PQS_MVE)

/* Apart, since loops that take all registers leave none for what else a function keeps, and for less stack. */

PQS_NOINLINE void pqs_packed_sum_groups(const pqs_packed_conv2d_params *params,
                                        const int8_t *codes,
                                        const uint8_t *segments,
                                        int32_t bias,
                                        const pqs_packed_room *room)
{
    pqs_packed_sum(params, codes, segments, bias, room, PQS_PACKED_BY_GROUPS);
}

PQS_NOINLINE void
pqs_packed_run_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_packed_run(
        params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_PACKED_BY_GROUPS, pqs_packed_sum_groups);
}

PQS_NOINLINE void
pqs_packed_run_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_packed_run(
        params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_PACKED_BY_GROUPS, pqs_packed_sum_groups);
}

PQS_NOINLINE void
pqs_packed_run_any_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_packed_run_any(params, input, output, scratch, PQS_ROUNDING_DOUBLE, pqs_packed_sum_groups);
}

PQS_NOINLINE void
pqs_packed_run_any_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_packed_run_any(params, input, output, scratch, PQS_ROUNDING_SINGLE, pqs_packed_sum_groups);
}

void pqs_conv2d_packed_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    if (pqs_packed_is_quick(params)) {
        pqs_packed_run_double(params, input, output, scratch);
    } else {
        pqs_packed_run_any_double(params, input, output, scratch);
    }
    pqs_saturate_packed_conv2d(params, output, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_packed_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    if (pqs_packed_is_quick(params)) {
        pqs_packed_run_single(params, input, output, scratch);
    } else {
        pqs_packed_run_any_single(params, input, output, scratch);
    }
    pqs_saturate_packed_conv2d(params, output, PQS_ROUNDING_SINGLE);
}

#endif /* !PQS_MVE */
