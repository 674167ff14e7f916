/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_helium.h
 * @brief Requantization of four sums at once, for the Helium tier.
 */
#ifndef PQS_HELIUM_H
#define PQS_HELIUM_H

#include "pqs_internal.h"

#if defined(PQS_MVE)

/** What turns four channels' sums into outputs. */
typedef struct {
    int32x4_t multipliers;
    int32x4_t left;  /* bits to the left before the product, 0..31 */
    int32x4_t right; /* bits to the right after it, negated: -31..0 */
} pqs_factors4;

/** Splits shifts as a rounding wants them. */
PQS_INLINE pqs_factors4 pqs_make_factors4(int32x4_t multipliers, int32x4_t shifts, int rounding)
{
    pqs_factors4 factors;
    if (rounding == PQS_ROUNDING_SINGLE) {
        shifts = vaddq_n_s32(shifts, 1);
    }
    factors.multipliers = multipliers;
    factors.left = vmaxq_s32(shifts, vdupq_n_s32(0));
    factors.right = vminq_s32(shifts, vdupq_n_s32(0));
    return factors;
}

/**
 * The requantized values of four sums, shifted to the left already, see "Requantization" in pqs_kernels.h.
 *
 * VQRDMULH is floor((a * b + 2^30) / 2^31), and VRSHL to the right adds half and floors: less one for a negative value,
 * that rounds half away from zero. For single rounding, nothing is lost by the floor of VMULH where bits are shifted out
 * after it; where none are, the one rounding is VRMULH's.
 */
PQS_INLINE int32x4_t pqs_requantize_right4(int32x4_t sums, int32x4_t multipliers, int32x4_t right, int rounding)
{
    int32x4_t high;
    if (rounding == PQS_ROUNDING_DOUBLE) {
        high = vqrdmulhq_s32(sums, multipliers);
        high = vaddq_s32(high, vshrq_n_s32(vandq_s32(high, right), 31));
    } else {
        high = vmulhq_s32(sums, multipliers);
        const int32x4_t carry = vsubq_s32(vrmulhq_s32(sums, multipliers), high);
        high = vaddq_s32(high, vbicq_s32(carry, vshrq_n_s32(right, 31)));
    }
    return vrshlq_s32(high, right);
}

/** The requantized values of four sums. */
PQS_INLINE int32x4_t pqs_requantize4(int32x4_t sums, pqs_factors4 factors, int rounding)
{
    return pqs_requantize_right4(vshlq_s32(sums, factors.left), factors.multipliers, factors.right, rounding);
}

/** The nearest values in lowest..highest. */
PQS_INLINE int32x4_t pqs_clamp4(int32x4_t values, int32x4_t lowest, int32x4_t highest)
{
    return vminq_s32(vmaxq_s32(values, lowest), highest);
}

#endif

#endif /* PQS_HELIUM_H */
