/* SPDX-License-Identifier: MIT-0 */
#include "pqs_codes.h"

#if defined(PQS_MVE)

pqs_code_lanes pqs_get_code_lanes(int32_t position_bits, int32_t group_codes)
{
    uint8_t groups[16];
    int32_t count = 16;
    while (count * group_codes > 16) {
        count /= 2;
    }
    int32_t lane = 0;
    for (int32_t group = 0; group < count; group++) {
        for (int32_t code = group_codes; code > 0; code--) {
            groups[lane++] = (uint8_t)(group << position_bits);
        }
    }
    while (lane < 16) {
        groups[lane++] = 0;
    }
    pqs_code_lanes lanes;
    lanes.groups = vldrbq_u8(groups);
    lanes.mask = vdupq_n_u8((uint8_t)((1u << position_bits) - 1u));
    lanes.codes = count * group_codes;
    lanes.inputs = count << position_bits;
    return lanes;
}

#endif
