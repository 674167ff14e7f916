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

/** The rounding argument of a kernel body, always a constant. */
#define PQS_ROUNDING_DOUBLE 0
#define PQS_ROUNDING_SINGLE 1

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
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32);
#endif
}

/** floor((a * b + 2^30) / 2^31) for b >= 0: the saturating rounding doubling high product of fixed-point libraries. */
PQS_INLINE int32_t pqs_multiply_doubled_high(int32_t a, int32_t b)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const pqs_product product = pqs_multiply(a, b);
    return (int32_t)(2u * (uint32_t)product.high + (((product.middle >> 14) + 1u) >> 1));
#else
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
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

/** The output value of a sum, see "Requantization" in pqs_kernels.h. */
PQS_INLINE int32_t
pqs_requantize_inline(int32_t sum, int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
{
    const int32_t doubled_offset = 2 * zero_point + 1;
    if (rounding == PQS_ROUNDING_DOUBLE) {
        if (PQS_LIKELY(shift < 0)) {
#if defined(PQS_DSP)
            const int32_t high = pqs_multiply_high_rounded(pqs_double(sum), multiplier);
#else
            const int32_t high = pqs_multiply_doubled_high(sum, multiplier);
#endif
            return pqs_saturate_half(pqs_shift_to_half(high, -shift) + doubled_offset);
        }
    } else if (PQS_LIKELY(shift < -1)) {
        const int32_t high = pqs_multiply_high(sum, multiplier);
        return pqs_saturate_half((high >> (-2 - shift)) + doubled_offset);
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

/* ---- Products of a weight matrix and columns of inputs ---- */

/** A weight matrix with what follows the sums: output channel c is requantize(bias[c] + (weights row c) * column). */
typedef struct {
    const int8_t *weights; /* [channels][depth] */
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    int32_t depth;    /* >= 1 */
    int32_t channels; /* >= 1 */
    int32_t zero_point;
    int32_t lowest;
    int32_t highest;
} pqs_matrix;

/** Sum of a row's products, starting from `sum`. */
PQS_INLINE int32_t pqs_dot_1x1(const int8_t *weights, const int8_t *column, int32_t depth, int32_t sum)
{
#if defined(PQS_MVE)
    for (; depth > 0; depth -= 16) {
        const mve_pred16_t lanes = vctp8q((uint32_t)depth);
        sum = vmladavaq_s8(sum, vldrbq_z_s8(weights, lanes), vldrbq_z_s8(column, lanes));
        weights += 16;
        column += 16;
    }
#elif defined(PQS_DSP)
    for (; depth >= 4; depth -= 4) {
        const uint32_t w = pqs_load4(weights);
        const uint32_t x = pqs_load4(column);
        sum = pqs_multiply_add_halves(pqs_even_lanes(w), pqs_even_lanes(x), sum);
        sum = pqs_multiply_add_halves(pqs_odd_lanes(w), pqs_odd_lanes(x), sum);
        weights += 4;
        column += 4;
    }
#endif
    for (; depth > 0; depth--) {
        sum += (int32_t)*weights++ * *column++;
    }
    return sum;
}

/** One step of two channels by two columns. */
PQS_INLINE void pqs_multiply_2x2(int32_t weight0, int32_t weight1, int32_t value0, int32_t value1, int32_t sums[4])
{
    sums[0] += weight0 * value0;
    sums[1] += weight0 * value1;
    sums[2] += weight1 * value0;
    sums[3] += weight1 * value1;
}

#if defined(PQS_MVE)

/** Sixteen steps of two channels by two columns. */
PQS_INLINE void
pqs_vector_2x2(int8x16_t weights0, int8x16_t weights1, int8x16_t column0, int8x16_t column1, int32_t sums[4])
{
    sums[0] = vmladavaq_s8(sums[0], weights0, column0);
    sums[1] = vmladavaq_s8(sums[1], weights0, column1);
    sums[2] = vmladavaq_s8(sums[2], weights1, column0);
    sums[3] = vmladavaq_s8(sums[3], weights1, column1);
}

#elif defined(PQS_DSP)

/** Four steps of two channels by two columns. */
PQS_INLINE void pqs_step_2x2(
    const int8_t *weights0, const int8_t *weights1, const int8_t *column0, const int8_t *column1, int32_t sums[4])
{
    uint32_t word = pqs_load4(weights0);
    const uint32_t w0_even = pqs_even_lanes(word);
    const uint32_t w0_odd = pqs_odd_lanes(word);
    word = pqs_load4(weights1);
    const uint32_t w1_even = pqs_even_lanes(word);
    const uint32_t w1_odd = pqs_odd_lanes(word);
    word = pqs_load4(column0);
    uint32_t x = pqs_even_lanes(word);
    sums[0] = pqs_multiply_add_halves(w0_even, x, sums[0]);
    sums[2] = pqs_multiply_add_halves(w1_even, x, sums[2]);
    x = pqs_odd_lanes(word);
    sums[0] = pqs_multiply_add_halves(w0_odd, x, sums[0]);
    sums[2] = pqs_multiply_add_halves(w1_odd, x, sums[2]);
    word = pqs_load4(column1);
    x = pqs_even_lanes(word);
    sums[1] = pqs_multiply_add_halves(w0_even, x, sums[1]);
    sums[3] = pqs_multiply_add_halves(w1_even, x, sums[3]);
    x = pqs_odd_lanes(word);
    sums[1] = pqs_multiply_add_halves(w0_odd, x, sums[1]);
    sums[3] = pqs_multiply_add_halves(w1_odd, x, sums[3]);
}

#endif

#if defined(PQS_DSP) && !defined(PQS_MVE)

/** Adds the products of four weights and four values, split into lanes, to a sum. */
PQS_INLINE int32_t pqs_multiply_add_word(uint32_t weights, uint32_t x_even, uint32_t x_odd, int32_t sum)
{
    sum = pqs_multiply_add_halves(pqs_even_lanes(weights), x_even, sum);
    return pqs_multiply_add_halves(pqs_odd_lanes(weights), x_odd, sum);
}

/** Four steps of four channels by one column. */
PQS_INLINE void pqs_step_4x1(
    const int8_t *weights, int32_t depth, int32_t depth2, int32_t depth3, const int8_t *column, int32_t sums[4])
{
    const uint32_t x = pqs_load4(column);
    const uint32_t x_even = pqs_even_lanes(x);
    const uint32_t x_odd = pqs_odd_lanes(x);
    sums[0] = pqs_multiply_add_word(pqs_load4(weights), x_even, x_odd, sums[0]);
    sums[1] = pqs_multiply_add_word(pqs_load4(weights + depth), x_even, x_odd, sums[1]);
    sums[2] = pqs_multiply_add_word(pqs_load4(weights + depth2), x_even, x_odd, sums[2]);
    sums[3] = pqs_multiply_add_word(pqs_load4(weights + depth3), x_even, x_odd, sums[3]);
}

#endif

#if defined(PQS_NO_LONG_MULTIPLY)

/** One step of two channels by one column: of the loads of signed bytes there is only the indexed one. */
PQS_INLINE void pqs_step_2x1(
    const int8_t *weights0, const int8_t *weights1, const int8_t *column, int32_t *index, int32_t *sum0, int32_t *sum1)
{
    const int32_t value = column[*index];
    *sum0 += weights0[*index] * value;
    *sum1 += weights1[*index] * value;
    (*index)++;
    PQS_OPAQUE3(*index, *sum0, *sum1);
}

/** Multiplies a matrix by one column. Eight low registers have room for no more than two channels at once. */
PQS_INLINE void pqs_multiply_column(const pqs_matrix *matrix, const int8_t *column, int8_t *output, int rounding)
{
    const int32_t depth = matrix->depth;
    const int8_t *weights = matrix->weights;
    int32_t channel = 0;
    for (; channel + 2 <= matrix->channels; channel += 2) {
        const int8_t *next = weights + depth;
        const int32_t whole = depth - depth % 4;
        int32_t sum0 = matrix->bias[channel];
        int32_t sum1 = matrix->bias[channel + 1];
        int32_t k = 0;
        while (k < whole) {
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
        }
        while (k < depth) {
            pqs_step_2x1(weights, next, column, &k, &sum0, &sum1);
        }
        weights = next + depth;
        output[channel] = (int8_t)pqs_requantize(
            sum0, matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
        output[channel + 1] = (int8_t)pqs_requantize(
            sum1, matrix->multipliers[channel + 1], matrix->shifts[channel + 1], matrix->zero_point, rounding);
    }
    if (channel < matrix->channels) {
        const int32_t sum = pqs_dot_1x1(weights, column, depth, matrix->bias[channel]);
        output[channel] = (int8_t)pqs_requantize(
            sum, matrix->multipliers[channel], matrix->shifts[channel], matrix->zero_point, rounding);
    }
    pqs_clamp_elements(output, matrix->channels, matrix->lowest, matrix->highest);
}

#else

/** Multiplies a matrix by two columns. */
PQS_INLINE void pqs_multiply_two_columns(const pqs_matrix *matrix,
                                         const int8_t *column0,
                                         const int8_t *column1,
                                         int8_t *output0,
                                         int8_t *output1,
                                         int rounding)
{
    const int32_t depth = matrix->depth;
    const int32_t zero_point = matrix->zero_point;
    const int8_t *weights = matrix->weights;
    int32_t channel = 0;
    for (; channel + 2 <= matrix->channels; channel += 2) {
        const int8_t *w0 = weights;
        const int8_t *w1 = weights + depth;
        const int8_t *x0 = column0;
        const int8_t *x1 = column1;
        int32_t sums[4] = {
            matrix->bias[channel], matrix->bias[channel], matrix->bias[channel + 1], matrix->bias[channel + 1]};
        int32_t k = depth;
#if defined(PQS_MVE)
        for (; k >= 16; k -= 16) {
            pqs_vector_2x2(vldrbq_s8(w0), vldrbq_s8(w1), vldrbq_s8(x0), vldrbq_s8(x1), sums);
            w0 += 16;
            w1 += 16;
            x0 += 16;
            x1 += 16;
        }
        if (k > 0) {
            const mve_pred16_t lanes = vctp8q((uint32_t)k);
            pqs_vector_2x2(
                vldrbq_z_s8(w0, lanes), vldrbq_z_s8(w1, lanes), vldrbq_z_s8(x0, lanes), vldrbq_z_s8(x1, lanes), sums);
            k = 0;
        }
#elif defined(PQS_DSP)
        for (; k >= 16; k -= 16) {
            pqs_step_2x2(w0, w1, x0, x1, sums);
            pqs_step_2x2(w0 + 4, w1 + 4, x0 + 4, x1 + 4, sums);
            pqs_step_2x2(w0 + 8, w1 + 8, x0 + 8, x1 + 8, sums);
            pqs_step_2x2(w0 + 12, w1 + 12, x0 + 12, x1 + 12, sums);
            w0 += 16;
            w1 += 16;
            x0 += 16;
            x1 += 16;
        }
        for (; k >= 4; k -= 4) {
            pqs_step_2x2(w0, w1, x0, x1, sums);
            w0 += 4;
            w1 += 4;
            x0 += 4;
            x1 += 4;
        }
#else
        for (; k >= 4; k -= 4) {
            pqs_multiply_2x2(*w0++, *w1++, *x0++, *x1++, sums);
            pqs_multiply_2x2(*w0++, *w1++, *x0++, *x1++, sums);
            pqs_multiply_2x2(*w0++, *w1++, *x0++, *x1++, sums);
            pqs_multiply_2x2(*w0++, *w1++, *x0++, *x1++, sums);
        }
#endif
        for (; k > 0; k--) {
            pqs_multiply_2x2(*w0++, *w1++, *x0++, *x1++, sums);
        }
        weights += 2 * depth;
        int32_t multiplier = matrix->multipliers[channel];
        int32_t shift = matrix->shifts[channel];
        output0[channel] = (int8_t)pqs_requantize(sums[0], multiplier, shift, zero_point, rounding);
        output1[channel] = (int8_t)pqs_requantize(sums[1], multiplier, shift, zero_point, rounding);
        multiplier = matrix->multipliers[channel + 1];
        shift = matrix->shifts[channel + 1];
        output0[channel + 1] = (int8_t)pqs_requantize(sums[2], multiplier, shift, zero_point, rounding);
        output1[channel + 1] = (int8_t)pqs_requantize(sums[3], multiplier, shift, zero_point, rounding);
    }
    if (channel < matrix->channels) {
        const int32_t bias = matrix->bias[channel];
        const int32_t multiplier = matrix->multipliers[channel];
        const int32_t shift = matrix->shifts[channel];
        const int32_t sum0 = pqs_dot_1x1(weights, column0, depth, bias);
        output0[channel] = (int8_t)pqs_requantize(sum0, multiplier, shift, zero_point, rounding);
        const int32_t sum1 = pqs_dot_1x1(weights, column1, depth, bias);
        output1[channel] = (int8_t)pqs_requantize(sum1, multiplier, shift, zero_point, rounding);
    }
    pqs_clamp_elements(output0, matrix->channels, matrix->lowest, matrix->highest);
    pqs_clamp_elements(output1, matrix->channels, matrix->lowest, matrix->highest);
}

/** Multiplies a matrix by one column. */
PQS_INLINE void pqs_multiply_column(const pqs_matrix *matrix, const int8_t *column, int8_t *output, int rounding)
{
    const int32_t depth = matrix->depth;
    const int32_t zero_point = matrix->zero_point;
    const int8_t *weights = matrix->weights;
    int32_t channel = 0;
    for (; channel + 4 <= matrix->channels; channel += 4) {
        const int8_t *x = column;
        const int8_t *const block = weights;
#if defined(PQS_DSP)
        int32_t depth2 = 2 * depth;
        int32_t depth3 = 3 * depth;
        PQS_OPAQUE(depth2);
        PQS_OPAQUE(depth3);
#endif
        const int32_t *bias = matrix->bias + channel;
        const int32_t *multipliers = matrix->multipliers + channel;
        const int8_t *shifts = matrix->shifts + channel;
        int32_t sums[4] = {bias[0], bias[1], bias[2], bias[3]};
        int32_t k = depth;
#if defined(PQS_MVE)
        for (; k >= 16; k -= 16) {
            const int8x16_t value = vldrbq_s8(x);
            sums[0] = vmladavaq_s8(sums[0], vldrbq_s8(weights), value);
            sums[1] = vmladavaq_s8(sums[1], vldrbq_s8(weights + depth), value);
            sums[2] = vmladavaq_s8(sums[2], vldrbq_s8(weights + depth2), value);
            sums[3] = vmladavaq_s8(sums[3], vldrbq_s8(weights + depth3), value);
            x += 16;
            weights += 16;
            PQS_OPAQUE(weights);
        }
        if (k > 0) {
            const mve_pred16_t lanes = vctp8q((uint32_t)k);
            const int8x16_t value = vldrbq_z_s8(x, lanes);
            sums[0] = vmladavaq_s8(sums[0], vldrbq_z_s8(weights, lanes), value);
            sums[1] = vmladavaq_s8(sums[1], vldrbq_z_s8(weights + depth, lanes), value);
            sums[2] = vmladavaq_s8(sums[2], vldrbq_z_s8(weights + depth2, lanes), value);
            sums[3] = vmladavaq_s8(sums[3], vldrbq_z_s8(weights + depth3, lanes), value);
            k = 0;
        }
#elif defined(PQS_DSP)
        for (; k >= 8; k -= 8) {
            pqs_step_4x1(weights, depth, depth2, depth3, x, sums);
            weights += 4;
            PQS_OPAQUE(weights);
            pqs_step_4x1(weights, depth, depth2, depth3, x + 4, sums);
            weights += 4;
            PQS_OPAQUE(weights);
            x += 8;
        }
        if (k >= 4) {
            pqs_step_4x1(weights, depth, depth2, depth3, x, sums);
            x += 4;
            weights += 4;
            k -= 4;
        }
#endif
        for (; k > 0; k--) {
            const int32_t value = *x++;
            sums[0] += value * weights[0];
            sums[1] += value * weights[depth];
            sums[2] += value * weights[2 * depth];
            sums[3] += value * weights[3 * depth];
            weights++;
        }
        weights = block + 4 * depth;
        output[channel] = (int8_t)pqs_requantize(sums[0], multipliers[0], shifts[0], zero_point, rounding);
        output[channel + 1] = (int8_t)pqs_requantize(sums[1], multipliers[1], shifts[1], zero_point, rounding);
        output[channel + 2] = (int8_t)pqs_requantize(sums[2], multipliers[2], shifts[2], zero_point, rounding);
        output[channel + 3] = (int8_t)pqs_requantize(sums[3], multipliers[3], shifts[3], zero_point, rounding);
    }
    for (; channel < matrix->channels; channel++) {
        const int32_t sum = pqs_dot_1x1(weights, column, depth, matrix->bias[channel]);
        weights += depth;
        output[channel] =
            (int8_t)pqs_requantize(sum, matrix->multipliers[channel], matrix->shifts[channel], zero_point, rounding);
    }
    pqs_clamp_elements(output, matrix->channels, matrix->lowest, matrix->highest);
}

#endif

/* One copy of each for all kernels. */

PQS_NOINLINE void pqs_multiply_column_double(const pqs_matrix *matrix, const int8_t *column, int8_t *output)
{
    pqs_multiply_column(matrix, column, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_multiply_column_single(const pqs_matrix *matrix, const int8_t *column, int8_t *output)
{
    pqs_multiply_column(matrix, column, output, PQS_ROUNDING_SINGLE);
}

PQS_NOINLINE void pqs_multiply_two_columns_double(
    const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1, int8_t *output0, int8_t *output1)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    pqs_multiply_column_double(matrix, column0, output0);
    pqs_multiply_column_double(matrix, column1, output1);
#else
    pqs_multiply_two_columns(matrix, column0, column1, output0, output1, PQS_ROUNDING_DOUBLE);
#endif
}

PQS_NOINLINE void pqs_multiply_two_columns_single(
    const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1, int8_t *output0, int8_t *output1)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    pqs_multiply_column_single(matrix, column0, output0);
    pqs_multiply_column_single(matrix, column1, output1);
#else
    pqs_multiply_two_columns(matrix, column0, column1, output0, output1, PQS_ROUNDING_SINGLE);
#endif
}

/** The matrix of a convolution, `depth` elements a row. */
PQS_INLINE pqs_matrix pqs_conv2d_matrix(const pqs_conv2d_params *params, int32_t depth)
{
    pqs_matrix matrix;
    matrix.weights = params->weights;
    matrix.bias = params->bias;
    matrix.multipliers = params->multipliers;
    matrix.shifts = params->shifts;
    matrix.depth = depth;
    matrix.channels = params->output_channels;
    matrix.zero_point = params->output_zero_point;
    matrix.lowest = params->activation_min;
    matrix.highest = params->activation_max;
    return matrix;
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
    const uint8_t *positions; /* NULL: dense */
} pqs_stored;

PQS_INLINE pqs_stored pqs_stored_weights(const pqs_narrow_params *params)
{
    pqs_stored stored;
    stored.weights = params->weights;
    stored.positions = params->positions;
    return stored;
}

/** Bits of a mask that are loaded at once. */
#define PQS_MASK_BITS 32

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
#if defined(PQS_CLZ)
    __asm__("rbit %0, %0" : "+r"(mask));
#endif
    return mask;
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
