/* SPDX-License-Identifier: MIT-0 */
#include "pqs_requantize.h"

#if defined(PQS_NO_LONG_MULTIPLY)

int32_t pqs_requantize_double(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point)
{
    return pqs_requantize_inline(sum, multiplier, shift, zero_point, PQS_ROUNDING_DOUBLE);
}

int32_t pqs_requantize_single(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point)
{
    return pqs_requantize_inline(sum, multiplier, shift, zero_point, PQS_ROUNDING_SINGLE);
}

#endif
