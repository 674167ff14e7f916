/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_internal.h
 * @brief Arithmetic shared by the kernels.
 *
 * Tiers, bit-identical:
 * * PQS_DSP: the DSP extension of Armv7E-M and Armv8-M. With PQS_EMULATE_DSP any machine runs the same algorithms, each
 *   instruction being a function in portable C.
 * * PQS_NO_LONG_MULTIPLY: cores without a 32x32 to 64 bit multiplication (Armv6-M, Armv8-M baseline).
 * * PQS_MVE, beside PQS_DSP: Helium, for the products of rows and columns.
 * * plain C otherwise.
 */
#ifndef PQS_INTERNAL_H
#define PQS_INTERNAL_H

#include "pqs_kernels.h"

#include <string.h>

/*
 * Some loops take every register, and are in assembly where the compiler keeps its promise of registers: without
 * optimisation, or with a register set aside, it does not. A frame pointer would be one too many. Armv6-M's upper
 * registers are out of reach for code that is to be small.
 */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && defined(__thumb__) && !defined(PQS_NO_ASSEMBLY)
#pragma GCC optimize("omit-frame-pointer")
#if defined(__thumb2__)
#define PQS_THUMB2_LOOPS 1
#elif !defined(__OPTIMIZE_SIZE__)
#define PQS_THUMB1_LOOPS 1
#endif
#endif

#if defined(PQS_EMULATE_DSP)
#define PQS_DSP 1
#elif defined(__ARM_FEATURE_DSP) && defined(__ARM_FEATURE_SIMD32) && defined(__GNUC__) && !defined(__ARM_BIG_ENDIAN)
#define PQS_DSP 1
#include <arm_acle.h>
#elif (defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1 && !defined(__ARM_ARCH_ISA_ARM)) ||                  \
    defined(__ARM_ARCH_8M_BASE__)
#define PQS_NO_LONG_MULTIPLY 1
#endif

/* Some compilers announce saturation for Armv6-M too. */
#if defined(__ARM_FEATURE_SAT) && defined(__GNUC__) && !defined(PQS_NO_LONG_MULTIPLY)
#define PQS_SSAT 1
#endif

#if defined(__ARM_FEATURE_CLZ) && __ARM_ARCH_ISA_THUMB == 2 && defined(__GNUC__) && !defined(PQS_NO_LONG_MULTIPLY)
#define PQS_CLZ 1
#endif

/* Helium multiplies rows by columns sixteen elements at a time; all else it leaves to the tiers above. */
#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP) && defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define PQS_MVE 1
#include <arm_mve.h>
#endif

#if defined(__GNUC__)
#define PQS_INLINE static inline __attribute__((always_inline, unused))
#define PQS_NOINLINE static __attribute__((noinline, unused))
#else
#define PQS_INLINE static inline
#define PQS_NOINLINE static
#endif

/** A condition that nearly always holds. */
#if defined(__GNUC__)
#define PQS_LIKELY(condition) (__builtin_expect((condition) ? 1 : 0, 1) != 0)
#else
#define PQS_LIKELY(condition) (condition)
#endif

/** A condition that seldom holds. */
#if defined(__GNUC__)
#define PQS_UNLIKELY(condition) (__builtin_expect((condition) ? 1 : 0, 0) != 0)
#else
#define PQS_UNLIKELY(condition) (condition)
#endif

/**
 * Hides from the compiler how a variable was computed: it then keeps the variable in a register and adds to it, instead
 * of computing related values apart, for which there are too few registers and no offsets in loads that add registers.
 */
#if defined(__GNUC__)
#define PQS_OPAQUE(variable) __asm__("" : "+r"(variable))
#define PQS_OPAQUE3(a, b, c) __asm__("" : "+r"(a), "+r"(b), "+r"(c))
#else
#define PQS_OPAQUE(variable) ((void)0)
#define PQS_OPAQUE3(a, b, c) ((void)0)
#endif

/** Elements from which on a call of memcpy or memset costs less than a loop. */
#define PQS_MANY 24

/** The rounding argument of a kernel body, always a constant. */
#define PQS_ROUNDING_DOUBLE 0
#define PQS_ROUNDING_SINGLE 1

/** Whether sums are saturated, an argument of kernel bodies, always a constant. */
#define PQS_WIDE 0
#define PQS_EXACT 1

PQS_INLINE int32_t pqs_min(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

PQS_INLINE int32_t pqs_max(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

PQS_INLINE int32_t pqs_clamp(int32_t value, int32_t lowest, int32_t highest)
{
    return pqs_min(pqs_max(value, lowest), highest);
}

/* ---- Four int8_t lanes in a word: lane 0 in the low byte ---- */

#if defined(PQS_DSP)

/** Loads four elements from any address. */
PQS_INLINE uint32_t pqs_load4(const int8_t *source)
{
    uint32_t word;
    memcpy(&word, source, sizeof word);
    return word;
}

/** Loads two halves from any address. */
PQS_INLINE uint32_t pqs_load_halves(const int16_t *source)
{
    uint32_t word;
    memcpy(&word, source, sizeof word);
    return word;
}

/** Stores two halves to any address. */
PQS_INLINE void pqs_store_halves(int16_t *target, uint32_t word)
{
    memcpy(target, &word, sizeof word);
}

/** Stores four elements to any address. */
PQS_INLINE void pqs_store4(int8_t *target, uint32_t word)
{
    memcpy(target, &word, sizeof word);
}

#if defined(PQS_EMULATE_DSP)

PQS_INLINE int32_t pqs_low_half(uint32_t word)
{
    return (int32_t)(int16_t)(uint16_t)(word & 0xFFFFu);
}

PQS_INLINE int32_t pqs_high_half(uint32_t word)
{
    return (int32_t)(int16_t)(uint16_t)(word >> 16);
}

PQS_INLINE int32_t pqs_lane(uint32_t word, uint32_t lane)
{
    return (int32_t)(int8_t)(uint8_t)((word >> (8u * lane)) & 0xFFu);
}

PQS_INLINE uint32_t pqs_halves(int32_t low, int32_t high)
{
    return ((uint32_t)low & 0xFFFFu) | ((uint32_t)high << 16);
}

#endif

/** Lanes 0 and 2, sign-extended to halves (SXTB16). */
PQS_INLINE uint32_t pqs_even_lanes(uint32_t word)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_lane(word, 0), pqs_lane(word, 2));
#else
    uint32_t halves;
    __asm__ volatile("sxtb16 %0, %1" : "=r"(halves) : "r"(word));
    return halves;
#endif
}

/** Lanes 1 and 3, sign-extended to halves (SXTB16 with ROR 8). */
PQS_INLINE uint32_t pqs_odd_lanes(uint32_t word)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_lane(word, 1), pqs_lane(word, 3));
#else
    uint32_t halves;
    __asm__ volatile("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(word));
    return halves;
#endif
}

/** The low halves of two words (PKHBT). */
PQS_INLINE uint32_t pqs_low_halves(uint32_t low, uint32_t high)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_low_half(low), pqs_low_half(high));
#else
    uint32_t halves;
    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(halves) : "r"(low), "r"(high));
    return halves;
#endif
}

/** The high halves of two words (PKHTB). */
PQS_INLINE uint32_t pqs_high_halves(uint32_t low, uint32_t high)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_high_half(low), pqs_high_half(high));
#else
    uint32_t halves;
    __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(halves) : "r"(high), "r"(low));
    return halves;
#endif
}

/** Adds lanes 0 and 2 to two halves (SXTAB16). */
PQS_INLINE uint32_t pqs_add_even_lanes(uint32_t halves, uint32_t word)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_low_half(halves) + pqs_lane(word, 0), pqs_high_half(halves) + pqs_lane(word, 2));
#else
    return (uint32_t)__sxtab16((int16x2_t)halves, (int8x4_t)word);
#endif
}

/** Adds lanes 1 and 3 to two halves (SXTAB16 with ROR 8). */
PQS_INLINE uint32_t pqs_add_odd_lanes(uint32_t halves, uint32_t word)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_low_half(halves) + pqs_lane(word, 1), pqs_high_half(halves) + pqs_lane(word, 3));
#else
    uint32_t sums;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(sums) : "r"(halves), "r"(word));
    return sums;
#endif
}

/** Adds both products of corresponding halves to a sum (SMLAD). */
PQS_INLINE int32_t pqs_multiply_add_halves(uint32_t a, uint32_t b, int32_t sum)
{
#if defined(PQS_EMULATE_DSP)
    return sum + pqs_low_half(a) * pqs_low_half(b) + pqs_high_half(a) * pqs_high_half(b);
#else
    return __smlad((int16x2_t)a, (int16x2_t)b, sum);
#endif
}

/** Adds the product of the low halves to a sum (SMLABB). */
PQS_INLINE int32_t pqs_multiply_add_low(uint32_t a, uint32_t b, int32_t sum)
{
#if defined(PQS_EMULATE_DSP)
    return sum + pqs_low_half(a) * pqs_low_half(b);
#else
    return __smlabb((int32_t)a, (int32_t)b, sum);
#endif
}

/** Adds the product of a's low half and b's high half to a sum (SMLABT). */
PQS_INLINE int32_t pqs_multiply_add_low_high(uint32_t a, uint32_t b, int32_t sum)
{
#if defined(PQS_EMULATE_DSP)
    return sum + pqs_low_half(a) * pqs_high_half(b);
#else
    return __smlabt((int32_t)a, (int32_t)b, sum);
#endif
}

/** Adds the product of a's high half and b's low half to a sum (SMLATB). */
PQS_INLINE int32_t pqs_multiply_add_high_low(uint32_t a, uint32_t b, int32_t sum)
{
    return pqs_multiply_add_low_high(b, a, sum);
}

/** Adds the product of the high halves to a sum (SMLATT). */
PQS_INLINE int32_t pqs_multiply_add_high(uint32_t a, uint32_t b, int32_t sum)
{
#if defined(PQS_EMULATE_DSP)
    return sum + pqs_high_half(a) * pqs_high_half(b);
#else
    return __smlatt((int32_t)a, (int32_t)b, sum);
#endif
}

/** Twice a value, saturated (QADD). */
PQS_INLINE int32_t pqs_double(int32_t value)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_clamp(value, INT32_MIN / 2, INT32_MAX / 2) * 2;
#else
    return __qadd(value, value);
#endif
}

/** The greater of each pair of lanes (SSUB8, SEL). */
PQS_INLINE uint32_t pqs_max_lanes(uint32_t a, uint32_t b)
{
#if defined(PQS_EMULATE_DSP)
    uint32_t result = 0;
    for (uint32_t lane = 0; lane < 4; lane++) {
        result |= ((uint32_t)pqs_max(pqs_lane(a, lane), pqs_lane(b, lane)) & 0xFFu) << (8u * lane);
    }
    return result;
#else
    (void)__ssub8((int8x4_t)a, (int8x4_t)b);
    return (uint32_t)__sel((uint8x4_t)a, (uint8x4_t)b);
#endif
}

/** The lesser of each pair of lanes (SSUB8, SEL). */
PQS_INLINE uint32_t pqs_min_lanes(uint32_t a, uint32_t b)
{
#if defined(PQS_EMULATE_DSP)
    uint32_t result = 0;
    for (uint32_t lane = 0; lane < 4; lane++) {
        result |= ((uint32_t)pqs_min(pqs_lane(a, lane), pqs_lane(b, lane)) & 0xFFu) << (8u * lane);
    }
    return result;
#else
    (void)__ssub8((int8x4_t)a, (int8x4_t)b);
    return (uint32_t)__sel((uint8x4_t)b, (uint8x4_t)a);
#endif
}

#endif /* PQS_DSP */

/* ---- High parts of products ---- */

#if defined(PQS_NO_LONG_MULTIPLY)

/** A product as high * 2^32 + middle * 2^16 + (a rest in 0..2^16-1). */
typedef struct {
    int32_t high;
    uint32_t middle; /* 0..2^31-1 */
} pqs_product;

/** The product of any `a` and a non-negative `b`, from four 16x16 bit products. */
PQS_INLINE pqs_product pqs_multiply(int32_t a, int32_t b)
{
    const uint32_t a_low = (uint32_t)a & 0xFFFFu;
    const int32_t a_high = a >> 16;
    const int32_t b_low = b & 0xFFFF;
    const int32_t b_high = b >> 16;
    /* -2^31 <= a_high * b_low <= 2^31 - 1 - 2^16: the addend fits. */
    const int32_t upper = a_high * b_low + (int32_t)((a_low * (uint32_t)b_low) >> 16);
    pqs_product product;
    product.middle = a_low * (uint32_t)b_high + ((uint32_t)upper & 0xFFFFu);
    product.high = a_high * b_high + (upper >> 16);
    return product;
}

#endif

/** floor(a * b / 2^32) for b >= 0. */
PQS_INLINE int32_t pqs_multiply_high(int32_t a, int32_t b)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const pqs_product product = pqs_multiply(a, b);
    return product.high + (int32_t)(product.middle >> 16);
#else
    return (int32_t)(((int64_t)a * b) >> 32);
#endif
}

/** floor((a * b + 2^31) / 2^32) for b >= 0 (SMMULR). */
PQS_INLINE int32_t pqs_multiply_high_rounded(int32_t a, int32_t b)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const pqs_product product = pqs_multiply(a, b);
    return product.high + (int32_t)(((product.middle >> 15) + 1u) >> 1);
#elif defined(PQS_DSP) && !defined(PQS_EMULATE_DSP)
    int32_t result;
    __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
    return result;
#else
    const int64_t product = (int64_t)a * b;
    return (int32_t)(product >> 32) + (int32_t)((uint32_t)product >> 31);
#endif
}

/** floor((a * b + 2^30) / 2^31) for b >= 0: the saturating rounding doubling high product of fixed-point libraries. */
PQS_INLINE int32_t pqs_multiply_doubled_high(int32_t a, int32_t b)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const pqs_product product = pqs_multiply(a, b);
    return (int32_t)(2u * (uint32_t)product.high + (((product.middle >> 14) + 1u) >> 1));
#else
    /* Twice the product wraps where its high word is correct all the same; rounding adds the low word's first bit. */
    const uint64_t doubled = 2u * (uint64_t)((int64_t)a * b);
    return (int32_t)((uint32_t)(doubled >> 32) + ((uint32_t)doubled >> 31));
#endif
}

/** addend + floor((a * b + 2^31) / 2^32) for b >= 0 (SMMLAR). */
PQS_INLINE int32_t pqs_add_multiply_high_rounded(int32_t addend, int32_t a, int32_t b)
{
#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP)
    int32_t result;
    __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(addend));
    return result;
#else
    return addend + pqs_multiply_high_rounded(a, b);
#endif
}

/** addend + floor(a * b / 2^32) for b >= 0 (SMMLA). */
PQS_INLINE int32_t pqs_add_multiply_high(int32_t addend, int32_t a, int32_t b)
{
#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP)
    int32_t result;
    __asm__("smmla %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(addend));
    return result;
#else
    return addend + pqs_multiply_high(a, b);
#endif
}

/* ---- Rounding and requantization ---- */

/**
 * floor((value - (1 if value < 0)) / 2^(exponent-1)). One more, halved and floored, is value / 2^exponent rounded half
 * away from zero. Shifting the last bit out apart makes the half a one, which can join another constant.
 *
 * @param value -2^31+1 .. 2^31-512
 * @param exponent 1..31
 */
PQS_INLINE int32_t pqs_shift_to_half(int32_t value, int32_t exponent)
{
    return (value + (value >> 31)) >> (exponent - 1);
}

/** value / 2^exponent rounded half away from zero; parameters as above. */
PQS_INLINE int32_t pqs_round(int32_t value, int32_t exponent)
{
    return (pqs_shift_to_half(value, exponent) + 1) >> 1;
}

/** value * 2^exponent, which fits int32_t. */
PQS_INLINE int32_t pqs_shift_left(int32_t value, int32_t exponent)
{
    return (int32_t)((uint32_t)value << exponent);
}

/** The nearest int8_t (SSAT). */
PQS_INLINE int32_t pqs_saturate(int32_t value)
{
#if defined(PQS_SSAT)
    int32_t result;
    __asm__("ssat %0, #8, %1" : "=r"(result) : "r"(value));
    return result;
#else
    return pqs_clamp(value, INT8_MIN, INT8_MAX);
#endif
}

/** The int8_t nearest to half the value, rounded down (SSAT with a shifted operand). */
PQS_INLINE int32_t pqs_saturate_half(int32_t value)
{
#if defined(PQS_SSAT)
    int32_t result;
    __asm__("ssat %0, #8, %1, asr #1" : "=r"(result) : "r"(value));
    return result;
#else
    return pqs_saturate(value >> 1);
#endif
}

/**
 * Clamps elements in place. Kernels saturate each output to int8_t and call this for a narrower range only, which fused
 * activations seldom need: the output's quantization mostly ends where they do.
 */
PQS_INLINE void pqs_clamp_elements(int8_t *elements, int32_t count, int32_t lowest, int32_t highest)
{
    if (lowest == INT8_MIN && highest == INT8_MAX) {
        return;
    }
    for (; count > 0; count--) {
        *elements = (int8_t)pqs_clamp(*elements, lowest, highest);
        elements++;
    }
}

/** Copies elements, mostly few. */
PQS_INLINE void pqs_copy(int8_t *target, const int8_t *source, int32_t count)
{
#if defined(PQS_MVE)
    /* In assembly, since compilers make no loops whose last pass is for fewer lanes by itself. */
    __asm__ volatile("    wlstp.8 lr, %[count], 2f\n"
                     "1:  vldrb.8 q0, [%[source]], #16\n"
                     "    vstrb.8 q0, [%[target]], #16\n"
                     "    letp lr, 1b\n"
                     "2:\n"
                     : [source] "+r"(source), [target] "+r"(target)
                     : [count] "r"(count)
                     : "q0", "lr", "memory");
#else
    if (count >= PQS_MANY) {
        memcpy(target, source, (size_t)count);
        return;
    }
#if !defined(PQS_NO_LONG_MULTIPLY)
    for (; count >= 4; count -= 4) {
        memcpy(target, source, 4);
        target += 4;
        source += 4;
    }
#endif
    for (; count > 0; count--) {
        *target++ = *source++;
        PQS_OPAQUE(target);
    }
#endif
}

/** Sets elements to one value, mostly few or none. */
PQS_INLINE void pqs_set(int8_t *target, int32_t value, int32_t count)
{
#if defined(PQS_MVE)
    const int8x16_t vector = vdupq_n_s8((int8_t)value);
    __asm__ volatile("    wlstp.8 lr, %[count], 2f\n"
                     "1:  vstrb.8 %q[vector], [%[target]], #16\n"
                     "    letp lr, 1b\n"
                     "2:\n"
                     : [target] "+r"(target)
                     : [count] "r"(count), [vector] "w"(vector)
                     : "lr", "memory");
#else
    if (count >= PQS_MANY) {
        memset(target, (int)value, (size_t)count);
        return;
    }
    for (; count > 0; count--) {
        *target++ = (int8_t)value;
        PQS_OPAQUE(target);
    }
#endif
}

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

PQS_NOINLINE int32_t pqs_requantize_double(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point)
{
    return pqs_requantize_inline(sum, multiplier, shift, zero_point, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE int32_t pqs_requantize_single(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point)
{
    return pqs_requantize_inline(sum, multiplier, shift, zero_point, PQS_ROUNDING_SINGLE);
}

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

/* ---- Windows ---- */

/** The taps of a window along one dimension that lie inside the input. */
typedef struct {
    int32_t first; /* index of the first such tap */
    int32_t count; /* may be <= 0 when there is none */
} pqs_taps;

/**
 * Clips a window's taps to 0 <= origin + tap * dilation < size.
 *
 * @param origin position of tap 0, negative in the padding
 */
PQS_INLINE pqs_taps pqs_clip_taps(int32_t origin, int32_t taps, int32_t dilation, int32_t size)
{
    pqs_taps clipped;
    clipped.first = 0;
    while (origin < 0) {
        origin += dilation;
        clipped.first++;
    }
    clipped.count = taps - clipped.first;
    while (clipped.count > 0 && origin + (clipped.count - 1) * dilation >= size) {
        clipped.count--;
    }
    return clipped;
}

/** What of a pooling window lies inside the input. */
typedef struct {
    const int8_t *input; /* first tap, channel 0 */
    int32_t rows;        /* >= 1 */
    int32_t columns;     /* >= 1 */
    int32_t step;        /* from tap to tap of a row */
    int32_t row_step;
} pqs_pool_window;

/** The window at (origin_y, origin_x) of one image, whose rows are clipped already. */
PQS_INLINE pqs_pool_window pqs_clip_pool_window(
    const pqs_pool_2d_params *params, const int8_t *image, pqs_taps rows, int32_t origin_y, int32_t origin_x)
{
    const pqs_taps columns = pqs_clip_taps(origin_x, params->filter_width, 1, params->input_width);
    const int32_t pixel = (origin_y + rows.first) * params->input_width + origin_x + columns.first;
    pqs_pool_window window;
    window.input = image + pixel * params->channels;
    window.rows = rows.count;
    window.columns = columns.count;
    window.step = params->channels;
    window.row_step = params->input_width * params->channels;
    if (window.columns == params->input_width) {
        /* Whole rows follow each other as one. */
        window.columns *= window.rows;
        window.rows = 1;
    }
    return window;
}

/* ---- Narrow accumulators: dot products one by one ---- */

/** The inputs of one output position's dot products. */
typedef struct {
    int16_t *first;   /* x - input_zero_point in natural order; one column, or one for each input channel */
    int16_t *lists;   /* what is left of the scratch */
    int32_t depth;    /* elements of a column */
    int32_t channels; /* output channels of each column */
} pqs_columns;

/** Computes the output channels of one position, by a schedule. */
typedef void (*pqs_narrow_position)(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output);

/** Lays `count` columns of `depth` elements, each of `channels` output channels, and lists into the scratch. */
PQS_INLINE pqs_columns pqs_lay_columns(void *scratch, int32_t depth, int32_t count, int32_t channels)
{
    pqs_columns columns;
    columns.first = (int16_t *)scratch;
    columns.depth = depth;
    columns.lists = columns.first + depth * count;
    columns.channels = channels;
    return columns;
}

/** Writes x - zero_point, `step` elements apart, for each of `count` inputs. */
PQS_INLINE void
pqs_subtract_zero_point(const int8_t *input, int32_t count, int32_t zero_point, int16_t *target, int32_t step)
{
    for (; count > 0; count--) {
        *target = (int16_t)(*input++ - zero_point);
        target += step;
    }
}

/**
 * Gathers the window at (origin_y, origin_x) of one image, 0 where it lies outside: into one column, or into one for
 * each input channel.
 */
PQS_INLINE void pqs_gather_window(const pqs_narrow_params *params,
                                  const pqs_columns *columns,
                                  const int8_t *image,
                                  int32_t origin_y,
                                  int32_t origin_x,
                                  int depthwise)
{
    const int32_t channels = params->input_channels;
    const int32_t tap_step = depthwise ? 1 : channels;
    const int32_t channel_step = depthwise ? columns->depth : 1;
    const int32_t whole = depthwise ? columns->depth * channels : columns->depth;
    const pqs_taps rows = pqs_clip_taps(origin_y, params->kernel_height, params->dilation_height, params->input_height);
    const pqs_taps taps = pqs_clip_taps(origin_x, params->kernel_width, params->dilation_width, params->input_width);
    if (rows.count < params->kernel_height || taps.count < params->kernel_width) {
        memset(columns->first, 0, (size_t)whole * sizeof *columns->first);
    }
    const int32_t x = origin_x + taps.first * params->dilation_width;
    for (int32_t row = 0; row < rows.count; row++) {
        const int32_t tap_y = rows.first + row;
        const int32_t y = origin_y + tap_y * params->dilation_height;
        const int8_t *source = image + (y * params->input_width + x) * channels;
        int16_t *target = columns->first + (tap_y * params->kernel_width + taps.first) * tap_step;
        if (!depthwise && params->dilation_width == 1) {
            pqs_subtract_zero_point(source, taps.count * channels, params->input_zero_point, target, 1);
            continue;
        }
        for (int32_t tap_x = 0; tap_x < taps.count; tap_x++) {
            pqs_subtract_zero_point(source, channels, params->input_zero_point, target, channel_step);
            source += params->dilation_width * channels;
            target += tap_step;
        }
    }
}

/* One copy of each for all schedules, which also leaves less on the stack beneath them. */

PQS_NOINLINE void pqs_gather_column_window(const pqs_narrow_params *params,
                                           const pqs_columns *columns,
                                           const int8_t *image,
                                           int32_t origin_y,
                                           int32_t origin_x)
{
    pqs_gather_window(params, columns, image, origin_y, origin_x, 0);
}

PQS_NOINLINE void pqs_gather_depthwise_window(const pqs_narrow_params *params,
                                              const pqs_columns *columns,
                                              const int8_t *image,
                                              int32_t origin_y,
                                              int32_t origin_x)
{
    pqs_gather_window(params, columns, image, origin_y, origin_x, 1);
}

/** A convolution, position by position. */
PQS_INLINE void pqs_narrow_windows(const pqs_narrow_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   const pqs_columns *columns,
                                   int depthwise,
                                   pqs_narrow_position position)
{
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                if (depthwise) {
                    pqs_gather_depthwise_window(params, columns, input, origin_y, origin_x);
                } else {
                    pqs_gather_column_window(params, columns, input, origin_y, origin_x);
                }
                position(params, columns, output);
                output += params->output_channels;
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * params->input_channels;
    }
}

PQS_INLINE void pqs_narrow_conv2d(
    const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch, pqs_narrow_position position)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const pqs_columns columns = pqs_lay_columns(scratch, depth, 1, params->output_channels);
    pqs_narrow_windows(params, input, output, &columns, 0, position);
}

PQS_INLINE void pqs_narrow_depthwise_conv2d(
    const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch, pqs_narrow_position position)
{
    const int32_t depth = params->kernel_height * params->kernel_width;
    const pqs_columns columns = pqs_lay_columns(scratch, depth, params->input_channels, params->depth_multiplier);
    pqs_narrow_windows(params, input, output, &columns, 1, position);
}

PQS_INLINE void pqs_narrow_fully_connected(
    const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch, pqs_narrow_position position)
{
    const pqs_columns columns = pqs_lay_columns(scratch, params->input_channels, 1, params->output_channels);
    for (int32_t batch = 0; batch < params->batches; batch++) {
        pqs_subtract_zero_point(input, params->input_channels, params->input_zero_point, columns.first, 1);
        position(params, &columns, output);
        input += params->input_channels;
        output += params->output_channels;
    }
}

/** A channel's output, its accumulator being finished. */
PQS_INLINE int8_t pqs_narrow_output(const pqs_narrow_params *params, int32_t channel, int32_t accumulator)
{
    const int32_t sum = accumulator + params->bias[channel];
    const int32_t multiplier = params->multipliers[channel];
    const int32_t shift = params->shifts[channel];
    const int32_t zero_point = params->output_zero_point;
    const int32_t value = params->rounding == PQS_ROUNDING_DOUBLE
                              ? pqs_requantize(sum, multiplier, shift, zero_point, PQS_ROUNDING_DOUBLE)
                              : pqs_requantize(sum, multiplier, shift, zero_point, PQS_ROUNDING_SINGLE);
    return (int8_t)pqs_clamp(value, params->activation_min, params->activation_max);
}

/** Half the range of an accumulator: it holds -half..half - 1. */
PQS_INLINE int32_t pqs_half_range(const pqs_narrow_params *params)
{
    return pqs_shift_left(1, params->accumulator_bits - 1);
}

/** The nearest value that an accumulator holds. */
PQS_INLINE int32_t pqs_saturate_narrow(int32_t value, int32_t half)
{
    return pqs_clamp(value, -half, half - 1);
}

/** Where the weights of a channel are stored, and with them those of all channels after it. */
typedef struct {
    const int8_t *weights;
    const uint8_t *positions; /* NULL: dense or coded */
    int32_t group_codes;      /* 0: not coded */
    int32_t position_bits;
} pqs_stored;

PQS_INLINE pqs_stored pqs_stored_weights(const pqs_narrow_params *params)
{
    pqs_stored stored;
    stored.weights = params->weights;
    stored.positions = params->positions;
    stored.group_codes = params->group_codes;
    stored.position_bits = params->position_bits;
    return stored;
}

/** What of a code is the position in its group. */
PQS_INLINE int32_t pqs_position_mask(const pqs_stored *stored)
{
    return pqs_shift_left(1, stored->position_bits) - 1;
}

/** Bits of a mask that are loaded at once. */
#define PQS_MASK_BITS 32

/** A mask in the order that pqs_first_position wants. */
PQS_INLINE uint32_t pqs_order_mask(uint32_t mask)
{
#if defined(PQS_CLZ)
    __asm__("rbit %0, %0" : "+r"(mask));
#endif
    return mask;
}

/** Loads the next bits of a mask, of which `left` are left, in the order that pqs_first_position wants. */
PQS_INLINE uint32_t pqs_load_mask(const uint8_t **positions, int32_t left)
{
    const uint8_t *bytes = *positions;
    uint32_t mask = 0;
    if (left >= PQS_MASK_BITS) {
        mask = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
        bytes += 4;
    } else {
        for (int32_t bit = 0; bit < left; bit += 8) {
            mask |= (uint32_t)*bytes++ << bit;
        }
    }
    *positions = bytes;
    return pqs_order_mask(mask);
}

/** The number of the first bit that is set in a mask that is not 0. */
PQS_INLINE uint32_t pqs_first_position(uint32_t mask)
{
#if defined(PQS_CLZ)
    return (uint32_t)__builtin_clz(mask);
#else
    /* The five top bits of the product differ for each power of two. */
    static const uint8_t positions[32] = {0,  1,  28, 2,  29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
                                          31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9};
    return positions[((mask & (0u - mask)) * 0x077CB531u) >> 27];
#endif
}

/** A mask without its first bit that is set, which has the number `position`. */
PQS_INLINE uint32_t pqs_without_position(uint32_t mask, uint32_t position)
{
#if defined(PQS_CLZ)
    return mask & ~(0x80000000u >> position);
#else
    (void)position;
    return mask & (mask - 1u);
#endif
}

#endif /* PQS_INTERNAL_H */
