/* SPDX-License-Identifier: MIT-0 */
#include "pqs_helium.h"
#include "pqs_requantize.h"

#if defined(PQS_MVE)

/** (value - zero point) * 2^20 of four elements, requantized by double rounding; `offset` is -2^20 zero points. */
PQS_INLINE int32x4_t pqs_scale_add_input4(const int8_t *input, int32_t offset, int32_t multiplier, int32_t shift)
{
    const int32x4_t shifted = vaddq_n_s32(vshlq_n_s32(vldrbq_s32(input), 20), offset);
    int32x4_t high = vqrdmulhq_n_s32(shifted, multiplier);
    /* Less one where a negative value is shifted. */
    high = vaddq_s32(high, vshrq_n_s32(vandq_s32(high, vdupq_n_s32(shift)), 31));
    return vrshlq_n_s32(high, shift);
}

/** Adds four elements. */
PQS_INLINE int32x4_t pqs_add4(const pqs_add_params *params, const int8_t *input1, const int8_t *input2)
{
    const int32x4_t scaled1 = pqs_scale_add_input4(
        input1, -params->input1_zero_point * (1 << 20), params->input1_multiplier, params->input1_shift);
    const int32x4_t scaled2 = pqs_scale_add_input4(
        input2, -params->input2_zero_point * (1 << 20), params->input2_multiplier, params->input2_shift);
    int32x4_t high = vqrdmulhq_n_s32(vaddq_s32(scaled1, scaled2), params->output_multiplier);
    high = vaddq_s32(high, vshrq_n_s32(high, 31));
    const int32x4_t values = vaddq_n_s32(vrshlq_n_s32(high, params->output_shift), params->output_zero_point);
    return pqs_clamp4(values, vdupq_n_s32(params->activation_min), vdupq_n_s32(params->activation_max));
}

#else

/** How an input is brought to the common scale. */
typedef struct {
    int32_t offset; /* -2^21 zero points */
    int32_t multiplier;
    int32_t exponent; /* of the rounding division, 0..31 */
    int32_t half;     /* half of 2^exponent, rounded down */
    int32_t mask;     /* all bits where the division rounds, so that negative values are lowered by one */
} pqs_add_input;

PQS_INLINE pqs_add_input pqs_make_add_input(int32_t zero_point, int32_t multiplier, int32_t shift)
{
    pqs_add_input input;
    input.offset = -zero_point * (1 << 21);
    input.multiplier = multiplier;
    input.exponent = -shift;
    input.half = shift == 0 ? 0 : pqs_shift_left(1, -shift - 1);
    input.mask = shift == 0 ? 0 : -1;
    return input;
}

/**
 * (value - zero point) * 2^20 requantized by double rounding.
 *
 * A difference of at most 9 bits leaves room: the first rounding, floor((difference * 2^20 * multiplier + 2^30) /
 * 2^31), is one rounded high product of difference * 2^21. The division rounds half away from zero: half is added, less
 * one for a negative dividend, and the quotient floored. (A dividend of zero from a negative difference needs no care:
 * half less one gives zero too.)
 *
 * @param is_short whether the multiplier is short, a constant.
 */
PQS_INLINE int32_t pqs_scale_add_input(int32_t value, pqs_add_input input, int is_short)
{
    const int32_t shifted = value * (1 << 21) + input.offset;
#if defined(PQS_NO_LONG_MULTIPLY)
    /* floor((difference * multiplier + 2^10) / 2^11), the multiplier in two halves. */
    const int32_t difference = shifted >> 21;
    const int32_t upper = difference * (input.multiplier >> 16);
    const int32_t lower = is_short ? 0 : difference * (input.multiplier & 0xFFFF);
    const int32_t dividend = input.half + upper * 32 + ((lower + 1024) >> 11);
#else
    (void)is_short;
    const int32_t dividend = pqs_add_multiply_high_rounded(input.half, shifted, input.multiplier);
#endif
    return (dividend + ((shifted >> 31) & input.mask)) >> input.exponent;
}

/** Adds all elements. `is_short`, a constant, tells that all multipliers are short. */
PQS_INLINE void pqs_add_elements(
    const pqs_add_params *params, const int8_t *input1, const int8_t *input2, int8_t *output, int is_short)
{
    const pqs_add_input scale1 =
        pqs_make_add_input(params->input1_zero_point, params->input1_multiplier, params->input1_shift);
    const pqs_add_input scale2 =
        pqs_make_add_input(params->input2_zero_point, params->input2_multiplier, params->input2_shift);
    const int32_t multiplier = params->output_multiplier;
    const int32_t factor = pqs_short_factor(multiplier, PQS_ROUNDING_DOUBLE);
    const int32_t exponent = -params->output_shift;
    const int32_t half = pqs_shift_left(1, exponent - 1);
    const int32_t zero_point = params->output_zero_point;
    int8_t *next = output;
    for (int32_t left = params->count; left > 0; left--) {
        /* |sum| <= 2 * 255 * 2^20, so that twice the sum fits. */
        const int32_t sum =
            pqs_scale_add_input(*input1++, scale1, is_short) + pqs_scale_add_input(*input2++, scale2, is_short);
        const int32_t dividend = is_short ? half + pqs_multiply_short(sum, factor, PQS_ROUNDING_DOUBLE)
                                          : pqs_add_multiply_high_rounded(half, sum * 2, multiplier);
        const int32_t value = ((dividend + (sum >> 31)) >> exponent) + zero_point;
        *next++ = (int8_t)pqs_saturate(value);
    }
}

/* Out of line, so that the registers are the loops' alone. */

PQS_NOINLINE void
pqs_add_long(const pqs_add_params *params, const int8_t *input1, const int8_t *input2, int8_t *output)
{
    pqs_add_elements(params, input1, input2, output, 0);
}

PQS_NOINLINE void
pqs_add_short(const pqs_add_params *params, const int8_t *input1, const int8_t *input2, int8_t *output)
{
    pqs_add_elements(params, input1, input2, output, 1);
}

#if !defined(PQS_NO_LONG_MULTIPLY)

/** True for the factor one half. */
PQS_INLINE int pqs_is_half(int32_t multiplier, int32_t shift)
{
    return multiplier == (1 << 30) && shift == 0;
}

/** The greatest exponent that leaves room for a zero point beside a sum's product: 2^29 + 2^21 + 2^29 < 2^31. */
#define PQS_ADD_EXPONENT 22

/**
 * Adds elements, the factor of `halved` being one half, as that of the input with the larger scale is: its scaled values
 * are exact, (value - zero point) * 2^19.
 */
PQS_INLINE void pqs_add_half(const pqs_add_params *params,
                             const int8_t *halved,
                             int32_t zero_point,
                             const int8_t *input,
                             pqs_add_input scale,
                             int8_t *output)
{
    const int8_t *const end = halved + params->count;
    const int32_t offset = -zero_point * (1 << 20);
    const int32_t multiplier = params->output_multiplier;
    const int32_t exponent = -params->output_shift;
    const int32_t addend = pqs_shift_left(2 * params->output_zero_point + 1, exponent - 1);
    while (halved != end) {
        const int32_t twice = 2 * pqs_scale_add_input(*input++, scale, 0) + *halved++ * (1 << 20) + offset;
        const int32_t value = pqs_add_multiply_high_rounded(addend, twice, multiplier) + (twice >> 31);
        *output++ = (int8_t)pqs_saturate(value >> exponent);
    }
}

/** Adds elements where one of the factors is one half, and the sum's exponent leaves room; else it does nothing. */
PQS_INLINE int pqs_add_with_half(const pqs_add_params *params,
                                 const int8_t *input1,
                                 const int8_t *input2,
                                 int8_t *output)
{
    const int is_half1 = pqs_is_half(params->input1_multiplier, params->input1_shift);
    const int is_half2 = pqs_is_half(params->input2_multiplier, params->input2_shift);
    if ((!is_half1 && !is_half2) || -params->output_shift > PQS_ADD_EXPONENT) {
        return 0;
    }
    const int8_t *const halved = is_half1 ? input1 : input2;
    const int8_t *const input = is_half1 ? input2 : input1;
    const int32_t zero_point = is_half1 ? params->input1_zero_point : params->input2_zero_point;
    pqs_add_input scale =
        is_half1 ? pqs_make_add_input(params->input2_zero_point, params->input2_multiplier, params->input2_shift)
                 : pqs_make_add_input(params->input1_zero_point, params->input1_multiplier, params->input1_shift);
    /* Constants spare instructions. */
    if (scale.mask == 0) {
        scale.half = 0;
        scale.exponent = 0;
        pqs_add_half(params, halved, zero_point, input, scale, output);
    } else {
        scale.mask = -1;
        pqs_add_half(params, halved, zero_point, input, scale, output);
    }
    return 1;
}

#endif

#endif

void pqs_add(const pqs_add_params *params, const int8_t *input1, const int8_t *input2, int8_t *output)
{
#if defined(PQS_MVE)
    /* A copy, which stores to the output cannot change. */
    const pqs_add_params factors = *params;
    int32_t left = factors.count;
    for (; left >= 4; left -= 4) {
        vstrbq_s32(output, pqs_add4(&factors, input1, input2));
        input1 += 4;
        input2 += 4;
        output += 4;
    }
    if (left > 0) {
        /* The last elements are read from the stack, as four. */
        int8_t rest1[4] = {0, 0, 0, 0};
        int8_t rest2[4] = {0, 0, 0, 0};
        memcpy(rest1, input1, (size_t)left);
        memcpy(rest2, input2, (size_t)left);
        vstrbq_p_s32(output, pqs_add4(&factors, rest1, rest2), vctp32q((uint32_t)left));
    }
#else
#if defined(PQS_NO_LONG_MULTIPLY)
    if (pqs_is_short(params->input1_multiplier, -1, PQS_ROUNDING_DOUBLE) &&
        pqs_is_short(params->input2_multiplier, -1, PQS_ROUNDING_DOUBLE) &&
        pqs_is_short(params->output_multiplier, -1, PQS_ROUNDING_DOUBLE)) {
        pqs_add_short(params, input1, input2, output);
    } else {
        pqs_add_long(params, input1, input2, output);
    }
#else
    if (!pqs_add_with_half(params, input1, input2, output)) {
        pqs_add_long(params, input1, input2, output);
    }
#endif
    pqs_clamp_elements(output, params->count, params->activation_min, params->activation_max);
#endif
}
