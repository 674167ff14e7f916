/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed.h"

#if !defined(PQS_MVE)

/* ---- Rows ---- */

/** The word of two pixels' inputs, which are `lane` bits apart. */
PQS_INLINE uint32_t pqs_packed_word(int32_t low, int32_t high, int32_t lane)
{
    return ((uint32_t)high << lane) + (uint32_t)low;
}

/** Writes the words of four pixels' inputs in one row. */
PQS_INLINE void pqs_packed_put(uint32_t *target, const int8_t *const sources[4], int32_t index, int32_t lane)
{
    const uint32_t first = pqs_packed_word(sources[0][index], sources[1][index], lane);
    const uint32_t second = pqs_packed_word(sources[2][index], sources[3][index], lane);
#if defined(PQS_THUMB2_LOOPS)
    /* The compiler would store them one by one. */
    __asm__ volatile("strd %[first], %[second], [%[target], %[offset]]"
                     :
                     : [first] "r"(first), [second] "r"(second), [target] "r"(target),
                       [offset] "i"(4 * PQS_PACKED_WORDS * index)
                     : "memory");
#else
    target[PQS_PACKED_WORDS * index] = first;
    target[PQS_PACKED_WORDS * index + 1] = second;
#endif
}

/** Writes the words of four pixels' inputs, one row each. */
PQS_INLINE void pqs_packed_copy(const int8_t *const pixels[4], int32_t count, uint32_t *target, int32_t lane)
{
    const int8_t *sources[4] = {pixels[0], pixels[1], pixels[2], pixels[3]};
    for (; count >= 8; count -= 8) {
        pqs_packed_put(target, sources, 0, lane);
        pqs_packed_put(target, sources, 1, lane);
        pqs_packed_put(target, sources, 2, lane);
        pqs_packed_put(target, sources, 3, lane);
        pqs_packed_put(target, sources, 4, lane);
        pqs_packed_put(target, sources, 5, lane);
        pqs_packed_put(target, sources, 6, lane);
        pqs_packed_put(target, sources, 7, lane);
        sources[0] += 8;
        sources[1] += 8;
        sources[2] += 8;
        sources[3] += 8;
        target += 8 * PQS_PACKED_WORDS;
    }
    for (; count > 0; count--) {
        pqs_packed_put(target, sources, 0, lane);
        sources[0]++;
        sources[1]++;
        sources[2]++;
        sources[3]++;
        target += PQS_PACKED_WORDS;
    }
}

/** Writes the words of four pixels' inputs, one row each, into lanes 16 bits apart. */
PQS_NOINLINE void pqs_packed_copy_16(const int8_t *const pixels[4], int32_t count, uint32_t *target)
{
    pqs_packed_copy(pixels, count, target, 16);
}

#if PQS_PACKED_WIDE_LANE != 16
/** Writes the words of four pixels' inputs, one row each, into wide lanes. */
PQS_NOINLINE void pqs_packed_copy_wide(const int8_t *const pixels[4], int32_t count, uint32_t *target)
{
    pqs_packed_copy(pixels, count, target, PQS_PACKED_WIDE_LANE);
}
#else
#define pqs_packed_copy_wide pqs_packed_copy_16
#endif

/** Writes the words of two pixels' inputs, one row each. */
PQS_INLINE void
pqs_packed_copy_pair(const int8_t *low, const int8_t *high, int32_t count, uint32_t *target, int32_t lane)
{
    for (; count > 0; count--) {
        *target = pqs_packed_word(*low++, *high++, lane);
        target += PQS_PACKED_WORDS;
    }
}

/** Writes the words of one pixel's inputs, shifted into its lane, and what the other lane has. */
PQS_INLINE void pqs_packed_copy_lane(const int8_t *source, int32_t shift, uint32_t other, int32_t count, uint32_t *target)
{
    for (; count > 0; count--) {
        *target = ((uint32_t)*source++ << shift) + other;
        target += PQS_PACKED_WORDS;
    }
}

/** Writes one word into many rows. */
PQS_INLINE void pqs_packed_fill(uint32_t word, int32_t count, uint32_t *target)
{
    for (; count > 0; count--) {
        *target = word;
        target += PQS_PACKED_WORDS;
    }
}

/** Writes the words of two pixels' inputs, one row each; a pixel's address is NULL where padding stands for them. */
PQS_NOINLINE void pqs_packed_gather_pair(
    const int8_t *low, const int8_t *high, int32_t count, int32_t padding, uint32_t *target, int32_t lane)
{
    if (low != NULL && high != NULL) {
        pqs_packed_copy_pair(low, high, count, target, lane);
    } else if (low != NULL) {
        pqs_packed_copy_lane(low, 0, pqs_packed_word(0, padding, lane), count, target);
    } else if (high != NULL) {
        pqs_packed_copy_lane(high, lane, (uint32_t)padding, count, target);
    } else {
        pqs_packed_fill(pqs_packed_word(padding, padding, lane), count, target);
    }
}

/** Writes the words of four pixels' inputs, one row each. */
PQS_INLINE void
pqs_packed_copy_lanes(const int8_t *const pixels[4], int32_t count, uint32_t *target, int32_t lane)
{
    if (lane == 16) {
        pqs_packed_copy_16(pixels, count, target);
    } else {
        pqs_packed_copy_wide(pixels, count, target);
    }
}

/** Writes the rows of four pixels, tap by tap. */
PQS_NOINLINE void pqs_packed_gather_taps(const pqs_packed_conv2d_params *params,
                                         const int8_t *input,
                                         const pqs_packed_pixel pixels[4],
                                         uint32_t *target,
                                         int32_t lane)
{
    const int32_t padding = params->input_zero_point;
    const int32_t channels = params->input_channels;
    for (int32_t tap_y = 0; tap_y < params->kernel_height; tap_y++) {
        for (int32_t tap_x = 0; tap_x < params->kernel_width; tap_x++) {
            const int8_t *sources[4];
            int inside = 1;
            for (int32_t index = 0; index < 4; index++) {
                sources[index] = pqs_packed_tap(params, input, &pixels[index], tap_y, tap_x);
                inside = inside && sources[index] != NULL;
            }
            if (inside) {
                pqs_packed_copy_lanes(sources, channels, target, lane);
            } else {
                pqs_packed_gather_pair(sources[0], sources[1], channels, padding, target, lane);
                pqs_packed_gather_pair(sources[2], sources[3], channels, padding, target + 1, lane);
            }
            target += channels * PQS_PACKED_WORDS;
        }
    }
}

/**
 * Writes the rows of `count` pixels, at most four, and moves on to the next pixel.
 *
 * @param pixels the next pixel, and room for four.
 */
PQS_INLINE void pqs_packed_gather_four(const pqs_packed_conv2d_params *params,
                                    const int8_t *input,
                                    pqs_packed_pixel pixels[5],
                                    int32_t count,
                                    uint32_t *target,
                                    int32_t lane)
{
    pqs_packed_pixel *next = pixels + 4;
    const int32_t last_x = params->input_width - params->kernel_width;
    const int32_t last_y = params->input_height - 1 - (params->kernel_height - 1) * params->dilation_height;
    int inside = count == 4 && params->dilation_width == 1;
    for (int32_t index = 0; index < 4; index++) {
        pixels[index] = *next;
        if (index < count) {
            inside = inside && next->origin_x >= 0 && next->origin_x <= last_x && next->origin_y >= 0 &&
                     next->origin_y <= last_y;
            pqs_packed_advance(params, next);
        } else {
            /* A pixel that there is not is as good as outside the input. */
            pixels[index].origin_y = params->input_height;
        }
    }
    if (!inside) {
        pqs_packed_gather_taps(params, input, pixels, target, lane);
        return;
    }
    /* Where nothing is outside, a row of taps is one. */
    const int8_t *sources[4];
    const int32_t size = params->kernel_width * params->input_channels;
    const int32_t step = params->dilation_height * params->input_width * params->input_channels;
    for (int32_t index = 0; index < 4; index++) {
        sources[index] = pqs_packed_tap(params, input, &pixels[index], 0, 0);
    }
    for (int32_t row = params->kernel_height; row > 0; row--) {
        pqs_packed_copy_lanes(sources, size, target, lane);
        sources[0] += step;
        sources[1] += step;
        sources[2] += step;
        sources[3] += step;
        target += size * PQS_PACKED_WORDS;
    }
}

/** Writes the rows of a block of `count` pixels. */
PQS_INLINE void pqs_packed_gather(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  const pqs_packed_room *room,
                                  int32_t count,
                                  int32_t lane)
{
    for (int32_t first = 0; first < count; first += 4) {
        pqs_packed_gather_four(params, input, room->pixels, pqs_min(count - first, 4), room->rows + first / 2, lane);
    }
}

void pqs_packed_gather_16(
    const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_packed_room *room, int32_t count)
{
    pqs_packed_gather(params, input, room, count, 16);
}

#if PQS_PACKED_WIDE_LANE != 16

void pqs_packed_gather_wide(
    const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_packed_room *room, int32_t count)
{
    pqs_packed_gather(params, input, room, count, PQS_PACKED_WIDE_LANE);
}

#endif

/* ---- Outputs ---- */

/** What turns a channel's sums into its outputs. */
typedef struct {
    int32_t multiplier;
    int32_t shift;
    int32_t zero_point;
    int32_t quick_shift; /* of the quick way of single rounding; negative where it does not serve */
    int32_t quick_addend;
} pqs_packed_factor;

#if defined(PQS_NO_LONG_MULTIPLY)
/** The last shift of the quick way. */
#define PQS_PACKED_SHIFT 21

/** Half of the last digit, less what the quick way may be too great by; and all that it may be off by. */
#define PQS_PACKED_LEAST ((1 << (PQS_PACKED_SHIFT - 1)) - 0x8000)
#define PQS_PACKED_DOUBT (0x8000 + 0x10000)
#endif

PQS_INLINE pqs_packed_factor pqs_packed_get_factor(const pqs_packed_conv2d_params *params, int32_t channel, int rounding)
{
    pqs_packed_factor factor;
    factor.multiplier = params->multipliers[channel];
    factor.shift = params->shifts[channel];
    factor.zero_point = params->output_zero_point;
    factor.quick_shift = -1;
    factor.quick_addend = 0;
    if (rounding == PQS_ROUNDING_SINGLE && factor.shift > -22) {
#if defined(PQS_NO_LONG_MULTIPLY)
        factor.quick_shift = -6 - factor.shift;
#else
        /* The zero point joins the rounding before the last shift. */
        factor.quick_shift = -1 - factor.shift;
        if (factor.quick_shift > 0) {
            factor.quick_addend = pqs_shift_left(2 * factor.zero_point + 1, factor.quick_shift - 1);
        }
#endif
    }
    return factor;
}

/** The output of a sum with single rounding, quick_shift being greater than 0. */
PQS_INLINE int32_t pqs_packed_quick(int32_t sum, const pqs_packed_factor *factor)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    /*
     * The upper 15 bits of the multiplier, of 31, times the upper 16 bits of the sum: the product lacks
     * -0x8000..0x10000. Where the result is the same at both ends it is the exact one; seldom it is not. A sum of more
     * bits saturates.
     */
    const int32_t limit = pqs_shift_left(0x8000, factor->quick_shift);
    if ((uint32_t)sum + (uint32_t)limit >= 2u * (uint32_t)limit) {
        return sum < 0 ? INT8_MIN : INT8_MAX;
    }
    const int32_t product = (sum >> factor->quick_shift) * (factor->multiplier >> 16) + PQS_PACKED_LEAST;
    const int32_t least = product >> PQS_PACKED_SHIFT;
    if (PQS_LIKELY(least == (product + PQS_PACKED_DOUBT) >> PQS_PACKED_SHIFT)) {
        return pqs_saturate(least + factor->zero_point);
    }
    return pqs_requantize(sum, factor->multiplier, factor->shift, factor->zero_point, PQS_ROUNDING_SINGLE);
#else
    /* One multiplication, the zero point joining the rounding before the last shift. */
    int32_t high;
#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP)
    __asm__("smmla %0, %1, %2, %3" : "=r"(high) : "r"(sum), "r"(factor->multiplier), "r"(factor->quick_addend));
#else
    high = pqs_multiply_high(sum, factor->multiplier) + factor->quick_addend;
#endif
    return pqs_saturate(high >> factor->quick_shift);
#endif
}

/** Writes the outputs of a channel, `step` elements apart. */
PQS_INLINE void pqs_packed_write_all(
    const int32_t *sums, int32_t count, const pqs_packed_factor *factor, int8_t *output, int32_t step, int rounding)
{
    for (int32_t pixel = 0; pixel < count; pixel++) {
        const int32_t sum = sums[pixel];
        *output = (int8_t)pqs_requantize(sum, factor->multiplier, factor->shift, factor->zero_point, rounding);
        output += step;
        PQS_OPAQUE(pixel);
    }
}

#if defined(PQS_THUMB1_LOOPS)

/**
 * Writes the outputs of single rounding from `sums` on, up to `end` or to one that is not exact.
 *
 * @return where it ended.
 */
PQS_NOINLINE const int32_t *pqs_packed_write_exact(
    const int32_t *sums, const int32_t *end, const pqs_packed_factor *factor, int8_t *output, int32_t step)
{
    /* In assembly, to keep all numbers in registers; see pqs_packed_quick for what it does. */
    register const int32_t *next __asm__("r5") = sums;
    register int8_t *target __asm__("r6") = output;
    register int32_t multiplier __asm__("r2") = factor->multiplier >> 16;
    register int32_t shift __asm__("r3") = factor->quick_shift;
    register const int32_t *last __asm__("r4") = end;
    register int32_t limit __asm__("r8") = pqs_shift_left(0x8000, factor->quick_shift);
    register uint32_t range __asm__("r9") = 0x10000u << factor->quick_shift;
    register int32_t least __asm__("r10") = PQS_PACKED_LEAST;
    register int32_t doubt __asm__("r11") = PQS_PACKED_DOUBT;
    register int32_t zero_point __asm__("r12") = factor->zero_point;
    register int32_t distance __asm__("lr") = step;
    __asm__ volatile(".syntax unified\n"
                     "1:\n\t"
                     "ldm r5!, {r0}\n\t"
                     "mov r1, r8\n\t"
                     "adds r1, r1, r0\n\t"
                     "cmp r1, r9\n\t"
                     "bhs 3f\n\t"
                     "asrs r0, r0, r3\n\t"
                     "muls r0, r2\n\t"
                     "add r0, r10\n\t"
                     "mov r1, r0\n\t"
                     "add r1, r11\n\t"
                     "asrs r0, r0, #21\n\t"
                     "asrs r1, r1, #21\n\t"
                     "cmp r0, r1\n\t"
                     "bne 4f\n\t"
                     "add r0, r12\n\t"
                     "sxtb r1, r0\n\t"
                     "cmp r0, r1\n\t"
                     "bne 3f\n"
                     "2:\n\t"
                     "strb r0, [r6]\n\t"
                     "add r6, lr\n\t"
                     "cmp r5, r4\n\t"
                     "bne 1b\n\t"
                     "b 5f\n"
                     "3:\n\t"
                     "asrs r0, r0, #31\n\t"
                     "movs r1, #127\n\t"
                     "eors r0, r1\n\t"
                     "b 2b\n"
                     "4:\n\t"
                     "subs r5, #4\n"
                     "5:"
                     : "+l"(next), "+l"(target)
                     : "l"(multiplier), "l"(shift), "l"(last), "h"(limit), "h"(range), "h"(least), "h"(doubt),
                       "h"(zero_point), "h"(distance)
                     : "r0", "r1", "cc", "memory");
    return next;
}

/** Writes the outputs of a channel with single rounding, quick_shift being greater than 0. */
PQS_INLINE void pqs_packed_write_quick(
    const int32_t *sums, int32_t count, const pqs_packed_factor *factor, int8_t *output, int32_t step)
{
    const int32_t *const end = sums + count;
    for (const int32_t *next = sums; next != end;) {
        next = pqs_packed_write_exact(next, end, factor, output + (next - sums) * step, step);
        if (next != end) {
            pqs_packed_write_all(next, 1, factor, output + (next - sums) * step, step, PQS_ROUNDING_SINGLE);
            next++;
        }
    }
}

#else

/** Writes the outputs of a channel with single rounding, quick_shift being greater than 0. */
PQS_INLINE void pqs_packed_write_quick(
    const int32_t *sums, int32_t count, const pqs_packed_factor *factor, int8_t *output, int32_t step)
{
    if (count == PQS_PACKED_PIXELS) {
        for (int32_t pixel = 0; pixel < PQS_PACKED_PIXELS; pixel += 2) {
            output[0] = (int8_t)pqs_packed_quick(sums[pixel], factor);
            output[step] = (int8_t)pqs_packed_quick(sums[pixel + 1], factor);
            output += 2 * step;
            PQS_OPAQUE(output);
        }
        return;
    }
    for (int32_t pixel = 0; pixel < count; pixel++) {
        *output = (int8_t)pqs_packed_quick(sums[pixel], factor);
        output += step;
        PQS_OPAQUE(pixel);
    }
}

#endif

/** Writes the outputs of a channel with a short multiplier. */
PQS_INLINE void pqs_packed_write_short(
    const int32_t *sums, int32_t count, const pqs_packed_factor *shared, int8_t *output, int32_t step, int rounding)
{
    /* A copy, which stores to the output cannot change. */
    const pqs_packed_factor factor = *shared;
    const int32_t short_factor = pqs_short_factor(factor.multiplier, rounding);
    const int32_t *const end = sums + count;
    while (sums != end) {
        *output = (int8_t)pqs_requantize_short(*sums++, short_factor, factor.shift, factor.zero_point, rounding);
        output += step;
        PQS_OPAQUE(output);
    }
}

/** Writes the outputs of a channel. */
PQS_INLINE void pqs_packed_write(const pqs_packed_conv2d_params *params,
                                 int32_t channel,
                                 int32_t *sums,
                                 int32_t count,
                                 int8_t *output,
                                 int rounding)
{
    const pqs_packed_factor factor = pqs_packed_get_factor(params, channel, rounding);
    const int32_t step = params->output_channels;
    if (pqs_is_short(factor.multiplier, factor.shift, rounding)) {
        if (params->least_sums != NULL) {
            const int32_t least = params->least_sums[channel];
            for (int32_t pixel = 0; pixel < count; pixel++) {
                sums[pixel] = pqs_clamp(sums[pixel], least, least + params->sum_span);
            }
        }
        pqs_packed_write_short(sums, count, &factor, output, step, rounding);
    } else if (params->least_sums != NULL) {
        const int32_t least = params->least_sums[channel];
        for (int32_t pixel = 0; pixel < count; pixel++) {
            const int32_t sum = pqs_clamp(sums[pixel], least, least + params->sum_span);
            *output = (int8_t)pqs_requantize(sum, factor.multiplier, factor.shift, factor.zero_point, rounding);
            output += step;
            PQS_OPAQUE(pixel);
        }
    } else if (rounding == PQS_ROUNDING_SINGLE && factor.quick_shift > 0) {
        pqs_packed_write_quick(sums, count, &factor, output, step);
    } else {
        pqs_packed_write_all(sums, count, &factor, output, step, rounding);
    }
}

void pqs_packed_write_double(
    const pqs_packed_conv2d_params *params, int32_t channel, int32_t *sums, int32_t count, int8_t *output)
{
    pqs_packed_write(params, channel, sums, count, output, PQS_ROUNDING_DOUBLE);
}

void pqs_packed_write_single(
    const pqs_packed_conv2d_params *params, int32_t channel, int32_t *sums, int32_t count, int8_t *output)
{
    pqs_packed_write(params, channel, sums, count, output, PQS_ROUNDING_SINGLE);
}

#endif /* !PQS_MVE */
