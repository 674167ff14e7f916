/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_requantize.h
 * @brief Output values of sums.
 */
#ifndef PQS_REQUANTIZE_H
#define PQS_REQUANTIZE_H

#include "pqs_internal.h"

/** True for a shift that pqs_requantize_right takes. */
PQS_INLINE int pqs_shifts_right(int32_t shift, int rounding)
{
    return rounding == PQS_ROUNDING_DOUBLE ? shift < 0 : shift < -1;
}

/** The output value of a sum whose shift is to the right, see "Requantization" in pqs_kernels.h. */
PQS_INLINE int32_t
pqs_requantize_right(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
{
    const int32_t doubled_offset = 2 * zero_point + 1;
    if (rounding == PQS_ROUNDING_DOUBLE) {
#if defined(PQS_DSP)
        const int32_t high = pqs_multiply_high_rounded(pqs_double(sum), multiplier);
#else
        const int32_t high = pqs_multiply_doubled_high(sum, multiplier);
#endif
        return pqs_saturate_half(pqs_shift_to_half(high, -shift) + doubled_offset);
    }
    const int32_t high = pqs_multiply_high(sum, multiplier);
    return pqs_saturate_half((high >> (-2 - shift)) + doubled_offset);
}

/** The output value of a sum, see "Requantization" in pqs_kernels.h. */
PQS_INLINE int32_t
pqs_requantize_inline(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
{
    if (PQS_LIKELY(pqs_shifts_right(shift, rounding))) {
        return pqs_requantize_right(sum, multiplier, shift, zero_point, rounding);
    }
    /* Here both roundings are one, at 2^-31 of the product with sum * 2^shift. */
    return pqs_saturate(pqs_multiply_high_rounded(pqs_shift_left(sum, shift + 1), multiplier) + zero_point);
}

#if defined(PQS_NO_LONG_MULTIPLY)

/** pqs_requantize_inline with double rounding. */
int32_t pqs_requantize_double(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point);

/** The same with single rounding. */
int32_t pqs_requantize_single(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point);

#endif

/** A sum's output value. Where a long product is many instructions, they are kept out of line. */
PQS_INLINE int32_t pqs_requantize(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    return rounding == PQS_ROUNDING_DOUBLE ? pqs_requantize_double(sum, multiplier, shift, zero_point)
                                           : pqs_requantize_single(sum, multiplier, shift, zero_point);
#else
    return pqs_requantize_inline(sum, multiplier, shift, zero_point, rounding);
#endif
}

/* ---- Short multipliers ---- */

/*
 * Without long products, two short ones serve where the low 16 bits of a multiplier are zero. Whether they are is asked
 * once for all outputs of a channel that are computed together, since each question costs the others time.
 */

/** True where pqs_requantize_short serves the core, the multiplier and the shift. */
PQS_INLINE int pqs_is_short(int32_t multiplier, int32_t shift, int rounding)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    return (multiplier & 0xFFFF) == 0 && pqs_shifts_right(shift, rounding);
#else
    (void)multiplier;
    (void)shift;
    (void)rounding;
    return 0;
#endif
}

/** What pqs_multiply_short multiplies by. */
PQS_INLINE int32_t pqs_short_factor(int32_t multiplier, int rounding)
{
    return rounding == PQS_ROUNDING_DOUBLE ? multiplier >> 15 : multiplier >> 16;
}

/**
 * The high word of requantization: with double rounding floor((sum * multiplier + 2^30) / 2^31), with single rounding
 * floor(sum * multiplier / 2^32). A factor of 16 bits times either half of the sum is of 32 bits.
 */
PQS_INLINE int32_t pqs_multiply_short(int32_t sum, int32_t factor, int rounding)
{
    const uint32_t low = ((uint32_t)sum & 0xFFFFu) * (uint32_t)factor;
    const uint32_t half = rounding == PQS_ROUNDING_DOUBLE ? 0x8000u : 0u;
    return (sum >> 16) * factor + (int32_t)((low + half) >> 16);
}

/** pqs_requantize_right with a short multiplier. */
PQS_INLINE int32_t pqs_requantize_short(int32_t sum, int32_t factor, int32_t shift, int32_t zero_point, int rounding)
{
    const int32_t high = pqs_multiply_short(sum, factor, rounding);
    const int32_t twice = rounding == PQS_ROUNDING_DOUBLE ? pqs_shift_to_half(high, -shift) : high >> (-2 - shift);
    return pqs_saturate_half(twice + 2 * zero_point + 1);
}

/* ---- Requantization of moderate sums ---- */

/*
 * Where no sum nears the end of its word, it is doubled beforehand for double rounding, and rounding and zero point are
 * one addend: half, less one for a negative value, rounds half away from zero. (A product that rounds to zero from a
 * negative sum needs no care: half less one gives zero too.)
 */

/** What turns moderate sums into outputs. */
typedef struct {
    int32_t multiplier;
    int32_t exponent; /* bits to the right after the product, 1..21 */
    int32_t addend;
} pqs_moderate_factors;

/** True where a value may be a bias, or a bound of sums, of moderate sums: products add less than 2^27 to it. */
PQS_INLINE int pqs_is_moderate(int32_t value)
{
    return value > -(1 << 28) && value < (1 << 28);
}

/** True where the shift is one of moderate sums. */
PQS_INLINE int pqs_shifts_moderately(int32_t shift, int rounding)
{
    return pqs_shifts_right(shift, rounding) && shift > -22;
}

/** What moderate sums are multiplied by beforehand. */
PQS_INLINE int32_t pqs_moderate_scale(int rounding)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    (void)rounding;
    return 1;
#else
    return rounding == PQS_ROUNDING_DOUBLE ? 2 : 1;
#endif
}

PQS_INLINE pqs_moderate_factors
pqs_make_moderate_factors(int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
{
    pqs_moderate_factors factors;
    factors.multiplier = multiplier;
    factors.exponent = rounding == PQS_ROUNDING_DOUBLE ? -shift : -shift - 1;
    factors.addend = pqs_shift_left(2 * zero_point + 1, factors.exponent - 1);
    return factors;
}

/** The output of a sum times pqs_moderate_scale. */
PQS_INLINE int32_t pqs_requantize_moderate(int32_t sum, const pqs_moderate_factors *factors, int rounding)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const int32_t zero_point = factors->addend >> factors->exponent;
    const int32_t shift = rounding == PQS_ROUNDING_DOUBLE ? -factors->exponent : -factors->exponent - 1;
    return pqs_requantize(sum, factors->multiplier, shift, zero_point, rounding);
#else
    int32_t value;
    if (rounding == PQS_ROUNDING_DOUBLE) {
        value = pqs_add_multiply_high_rounded(factors->addend, sum, factors->multiplier) + (sum >> 31);
    } else {
        value = pqs_add_multiply_high(factors->addend, sum, factors->multiplier);
    }
    return pqs_saturate(value >> factors->exponent);
#endif
}

/**
 * pqs_requantize_moderate with double rounding where the zero point is the least output: how a negative value is rounded
 * shows nowhere, since its output is no greater, and saturates.
 */
PQS_INLINE int32_t pqs_requantize_moderate_least(int32_t sum, const pqs_moderate_factors *factors)
{
    return pqs_saturate(pqs_add_multiply_high_rounded(factors->addend, sum, factors->multiplier) >> factors->exponent);
}

/** pqs_requantize_moderate with the factor of a short multiplier in place of the multiplier. */
PQS_INLINE int32_t pqs_requantize_moderate_short(int32_t sum, const pqs_moderate_factors *factors, int rounding)
{
    const int32_t lowered = rounding == PQS_ROUNDING_DOUBLE ? sum >> 31 : 0;
    const int32_t value = pqs_multiply_short(sum, factors->multiplier, rounding) + lowered + factors->addend;
    return pqs_saturate(value >> factors->exponent);
}

#endif /* PQS_REQUANTIZE_H */
