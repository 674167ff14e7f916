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

/** The low half of a word and the high half of another one (PKHBT without a shift). */
PQS_INLINE uint32_t pqs_low_and_high_half(uint32_t low, uint32_t high)
{
#if defined(PQS_EMULATE_DSP)
    return pqs_halves(pqs_low_half(low), pqs_high_half(high));
#else
    uint32_t halves;
    __asm__("pkhbt %0, %1, %2" : "=r"(halves) : "r"(low), "r"(high));
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

/* ---- Rounding and saturation ---- */

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

#endif /* PQS_INTERNAL_H */
