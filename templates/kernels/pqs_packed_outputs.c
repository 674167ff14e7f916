/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_outputs.h"

/** Pixels of half a block: a constant where all blocks are alike. */
#if defined(PQS_NO_LONG_MULTIPLY)
#define PQS_PACKED_HALF(block) ((block)->pixels / 2)
#else
#define PQS_PACKED_HALF(block) (PQS_PACKED_PIXELS / 2)
#endif

#if !defined(PQS_NO_LONG_MULTIPLY)

/** Writes the outputs of a channel whose shift is moderate; for double rounding its sums are, too. */
PQS_INLINE void pqs_packed_write_moderate(const pqs_packed_conv2d_params *params,
                                          int32_t channel,
                                          const int32_t *sums,
                                          int8_t *output,
                                          int32_t step,
                                          int32_t half,
                                          int rounding)
{
    const pqs_moderate_factors factors = pqs_make_moderate_factors(
        params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
    const int32_t scale = pqs_moderate_scale(rounding);
    for (int32_t left = half; left > 0; left--) {
        output[0] = (int8_t)pqs_requantize_moderate(sums[0] * scale, &factors, rounding);
        output[half * step] = (int8_t)pqs_requantize_moderate(sums[1] * scale, &factors, rounding);
        sums += 2;
        output += step;
        PQS_OPAQUE(output);
    }
}

#endif

/** Writes the outputs of a channel, whatever its factor. */
PQS_INLINE void pqs_packed_write_any(const pqs_packed_conv2d_params *params,
                                     int32_t channel,
                                     const int32_t *sums,
                                     int8_t *output,
                                     int32_t step,
                                     int32_t half,
                                     int rounding)
{
    const int32_t multiplier = params->multipliers[channel];
    const int32_t shift = params->shifts[channel];
    const int32_t zero_point = params->output_zero_point;
    for (int32_t left = half; left > 0; left--) {
        output[0] = (int8_t)pqs_requantize(sums[0], multiplier, shift, zero_point, rounding);
        output[half * step] = (int8_t)pqs_requantize(sums[1], multiplier, shift, zero_point, rounding);
        sums += 2;
        output += step;
        PQS_OPAQUE(left);
    }
}

#if defined(PQS_NO_LONG_MULTIPLY)

/** Writes the outputs of a channel with a short multiplier. */
PQS_INLINE void pqs_packed_write_short(const pqs_packed_conv2d_params *params,
                                       int32_t channel,
                                       const int32_t *sums,
                                       int8_t *output,
                                       int32_t step,
                                       int32_t half,
                                       int rounding)
{
    const int32_t factor = pqs_short_factor(params->multipliers[channel], rounding);
    const int32_t shift = params->shifts[channel];
    const int32_t zero_point = params->output_zero_point;
    for (int32_t left = half; left > 0; left--) {
        output[0] = (int8_t)pqs_requantize_short(sums[0], factor, shift, zero_point, rounding);
        output[half * step] = (int8_t)pqs_requantize_short(sums[1], factor, shift, zero_point, rounding);
        sums += 2;
        output += step;
        PQS_OPAQUE(left);
    }
}

/*
 * Single rounding by a product of 32 bits: the upper bits of the sum times the upper 15 bits of the multiplier, the zero
 * point and half of the output's last digit being added before the last shift. Where the digits that this shift drops
 * are such that what the product lacks cannot matter, the output is the exact one; seldom it is not.
 */
typedef struct {
    int32_t multiplier; /* rounded to 15 bits */
    int32_t before;     /* bits that a sum is shifted by beforehand */
    int32_t after;      /* bits that the product is shifted by */
    int32_t addend;
    uint32_t certain; /* the output is exact where the digits behind it, from bit 31 on, are less */
    int32_t limit;    /* sums outside -limit..limit-1 saturate; 0 where there are none */
} pqs_packed_product;

/** Bits behind the output: of any sums, and of sums that are bounded. */
#define PQS_PACKED_AFTER 21
#define PQS_PACKED_AFTER_BOUNDED 22

/** Bounds of sums shifted beforehand. The lesser one, times 2^15, leaves room for the zero point in any case. */
#define PQS_PACKED_LIMIT 0x8000
#define PQS_PACKED_LIMIT_BOUNDED 0xB000

/** True for a shift that has such products. */
PQS_INLINE int pqs_packed_has_product(int32_t shift)
{
    return shift < -6 && shift > -22;
}

PQS_INLINE pqs_packed_product
pqs_packed_make_product(int32_t multiplier, int32_t shift, int32_t zero_point, uint32_t bound)
{
    pqs_packed_product product;
    product.before = -7 - shift;
    const int bounded = bound <= (uint32_t)PQS_PACKED_LIMIT_BOUNDED << product.before;
    product.before += bounded ? 0 : 1;
    product.after = bounded ? PQS_PACKED_AFTER_BOUNDED : PQS_PACKED_AFTER;
    product.limit = bounded ? 0 : pqs_shift_left(PQS_PACKED_LIMIT, product.before);
    /* The multiplier is off by half at most. What the sum loses beforehand is less than one, times at most 2^15. */
    const int32_t limit = bounded ? PQS_PACKED_LIMIT_BOUNDED : PQS_PACKED_LIMIT;
    const int32_t too_great = (multiplier & 0xFFFF) == 0 ? 0 : limit / 2;
    const int32_t too_small = too_great + (product.before > 0 ? 0x8000 : 0);
    product.multiplier = (int32_t)(((uint32_t)multiplier + 0x8000u) >> 16);
    product.addend = pqs_shift_left(2 * zero_point + 1, product.after - 1) - too_great;
    product.certain = (uint32_t)(pqs_shift_left(1, product.after) - too_great - too_small) << (32 - product.after);
    return product;
}

#if defined(PQS_THUMB1_LOOPS)

/** Writes an output. What is seldom is at the labels `saturate` and `doubt`, and comes back to `back`. */
#define PQS_PACKED_WRITE(check, digits, after, saturate, doubt, back, address)                                         \
    "ldm r5!, {r0}\n\t" check(saturate)                                                                                \
    "asrs r0, r0, r3\n\t"                                                                                              \
    "muls r0, r2\n\t"                                                                                                  \
    "add r0, r8\n\t"                                                                                                   \
    "lsls r1, r0, #" #digits "\n\t"                                                                                    \
    "cmp r1, r9\n\t"                                                                                                   \
    "bhs " #doubt "f\n\t"                                                                                              \
    "asrs r0, r0, #" #after "\n\t"                                                                                     \
    "sxtb r1, r0\n\t"                                                                                                  \
    "cmp r0, r1\n\t"                                                                                                   \
    "bne " #saturate "f\n"                                                                                             \
    #back ":\n\t"                                                                                                      \
    "strb r0, " address "\n\t"

#define PQS_PACKED_CHECK(saturate)                                                                                     \
    "mov r1, r11\n\t"                                                                                                  \
    "adds r1, r1, r0\n\t"                                                                                              \
    "cmp r1, lr\n\t"                                                                                                   \
    "bhs " #saturate "f\n\t"

#define PQS_PACKED_NO_CHECK(saturate)

/** An output that saturates; and a sum that joins the list of those whose outputs may not be exact. */
#define PQS_PACKED_SELDOM(saturate, doubt, back)                                                                       \
    #saturate ":\n\t"                                                                                                  \
    "asrs r0, r0, #31\n\t"                                                                                             \
    "movs r1, #127\n\t"                                                                                                \
    "eors r0, r1\n\t"                                                                                                  \
    "b " #back "b\n"                                                                                                   \
    #doubt ":\n\t"                                                                                                     \
    "mov r1, r12\n\t"                                                                                                  \
    "strb r5, [r1]\n\t"                                                                                               \
    "adds r1, r1, #1\n\t"                                                                                              \
    "mov r12, r1\n\t"                                                                                                  \
    "b " #back "b\n"

#define PQS_PACKED_WRITE_RUN(check, digits, after)                                                                     \
    __asm__ volatile(".syntax unified\n\t"                                                                             \
                     "mov lr, r11\n\t"                                                                                 \
                     "add lr, r11\n"                                                                                   \
                     "1:\n\t" PQS_PACKED_WRITE(check, digits, after, 3, 4, 2, "[r6]")                                  \
                         PQS_PACKED_WRITE(check, digits, after, 6, 7, 5, "[r6, r4]") "add r6, r10\n\t"                 \
                     "cmp r5, r7\n\t"                                                                                  \
                     "bne 1b\n\t"                                                                                      \
                     "b 8f\n" PQS_PACKED_SELDOM(3, 4, 2) PQS_PACKED_SELDOM(6, 7, 5) "8:"                               \
                     : "+l"(next), "+l"(target), "+h"(doubtful)                                                        \
                     : "l"(multiplier), "l"(before), "l"(upper), "l"(end), "h"(addend), "h"(certain), "h"(distance),   \
                       "h"(limit)                                                                                      \
                     : "r0", "r1", "lr", "cc", "memory")

#endif

/**
 * Writes the outputs of a channel.
 *
 * @param list gets, of the addresses behind those sums whose outputs may not be exact, the low bytes.
 * @return its end.
 */
PQS_INLINE uint8_t *pqs_packed_write_products(
    const int32_t *sums, const pqs_packed_product *product, int8_t *output, int32_t step, int32_t half, uint8_t *list)
{
#if defined(PQS_THUMB1_LOOPS)
    /* In assembly, to keep all numbers in registers. The compiler may use lr for a jump at any time in between. */
    register const int32_t *next __asm__("r5") = sums;
    register int8_t *target __asm__("r6") = output;
    register uint8_t *doubtful __asm__("r12") = list;
    register int32_t multiplier __asm__("r2") = product->multiplier;
    register int32_t before __asm__("r3") = product->before;
    register int32_t upper __asm__("r4") = half * step;
    register const int32_t *end __asm__("r7") = sums + 2 * half;
    register int32_t addend __asm__("r8") = product->addend;
    register uint32_t certain __asm__("r9") = product->certain;
    register int32_t distance __asm__("r10") = step;
    register int32_t limit __asm__("r11") = product->limit;
    if (product->limit != 0) {
        PQS_PACKED_WRITE_RUN(PQS_PACKED_CHECK, 11, 21);
    } else {
        PQS_PACKED_WRITE_RUN(PQS_PACKED_NO_CHECK, 10, 22);
    }
    return doubtful;
#else
    for (int32_t index = 0; index < 2 * half; index++) {
        int8_t *target = output + (index / 2 + index % 2 * half) * step;
        const int32_t sum = sums[index];
        if (product->limit != 0 && (uint32_t)sum + (uint32_t)product->limit >= 2u * (uint32_t)product->limit) {
            *target = sum < 0 ? INT8_MIN : INT8_MAX;
            continue;
        }
        const int32_t value = (sum >> product->before) * product->multiplier + product->addend;
        if ((uint32_t)value << (32 - product->after) < product->certain) {
            *target = (int8_t)pqs_saturate(value >> product->after);
        } else {
            *list++ = (uint8_t)((uintptr_t)(sums + index + 1) & 0xFFu);
        }
    }
    return list;
#endif
}

/** Writes the outputs of a channel with single rounding. */
PQS_INLINE void pqs_packed_write_quick(const pqs_packed_conv2d_params *params,
                                       int32_t channel,
                                       int32_t *sums,
                                       uint32_t bound,
                                       int8_t *output,
                                       int32_t step,
                                       int32_t half)
{
    const int32_t multiplier = params->multipliers[channel];
    const int32_t shift = params->shifts[channel];
    const int32_t zero_point = params->output_zero_point;
    const pqs_packed_product product = pqs_packed_make_product(multiplier, shift, zero_point, bound);
    uint8_t *const list = pqs_packed_list(sums);
    uint8_t *end = pqs_packed_write_products(sums, &product, output, step, half, list);
    while (end != list) {
        const uint32_t distance = (uint32_t)*--end - (uint32_t)((uintptr_t)sums & 0xFFu);
        const int32_t index = (int32_t)(distance & 0xFFu) / 4 - 1;
        output[(index / 2 + index % 2 * half) * step] =
            (int8_t)pqs_requantize(sums[index], multiplier, shift, zero_point, PQS_ROUNDING_SINGLE);
    }
}

#endif

/** Writes the outputs of a channel. */
PQS_INLINE void pqs_packed_write(const pqs_packed_conv2d_params *params,
                                 int32_t channel,
                                 int32_t *sums,
                                 uint32_t bound,
                                 const pqs_packed_blocks *block,
                                 int8_t *output,
                                 int rounding)
{
    int8_t outputs[PQS_PACKED_PIXELS];
    const int32_t count = block->count;
    const int32_t half = PQS_PACKED_HALF(block);
    const int whole = count == 2 * half;
    const int32_t step = whole ? params->output_channels : 1;
    int8_t *target = whole ? output : outputs;
    for (int32_t pixel = count; pixel < 2 * half; pixel++) {
        /* What else such a sum is may be more than there is an output for. */
        sums[pixel % half * 2 + pixel / half] = 0;
    }
    const int32_t shift = params->shifts[channel];
#if defined(PQS_NO_LONG_MULTIPLY)
    if (rounding == PQS_ROUNDING_SINGLE && pqs_packed_has_product(shift)) {
        pqs_packed_write_quick(params, channel, sums, bound, target, step, half);
    } else if (pqs_is_short(params->multipliers[channel], shift, rounding)) {
        pqs_packed_write_short(params, channel, sums, target, step, half, rounding);
    } else {
        pqs_packed_write_any(params, channel, sums, target, step, half, rounding);
    }
#else
    (void)bound;
    /* The scratch has no room for so many products that they would make sums that are not moderate. */
    if (pqs_shifts_moderately(shift, rounding) &&
        (rounding == PQS_ROUNDING_SINGLE || pqs_is_moderate(params->bias[channel]))) {
        pqs_packed_write_moderate(params, channel, sums, target, step, half, rounding);
    } else {
        pqs_packed_write_any(params, channel, sums, target, step, half, rounding);
    }
#endif
    if (!whole) {
        for (int32_t pixel = 0; pixel < count; pixel++) {
            /* cppcheck-suppress uninitvar ; written through target */
            *output = outputs[pixel];
            output += params->output_channels;
        }
    }
}

void pqs_packed_write_double(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             const pqs_packed_blocks *block,
                             int8_t *output)
{
    pqs_packed_write(params, channel, sums, bound, block, output, PQS_ROUNDING_DOUBLE);
}

void pqs_packed_write_single(const pqs_packed_conv2d_params *params,
                             int32_t channel,
                             int32_t *sums,
                             uint32_t bound,
                             const pqs_packed_blocks *block,
                             int8_t *output)
{
    pqs_packed_write(params, channel, sums, bound, block, output, PQS_ROUNDING_SINGLE);
}
