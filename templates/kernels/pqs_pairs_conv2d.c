/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_pixels.h"
#include "pqs_requantize.h"

/*
 * Of four neighbouring inputs, of which a channel keeps two, all six pairs are laid out as halves of words. A weight's
 * pair is multiplied with the pair of inputs it belongs to by one instruction, into a sum of 32 bits: no lane to part.
 */

/** Pixels of a block. */
#define PQS_PAIRS_PIXELS 8

/** Pairs of four inputs. */
#define PQS_PAIRS 6

/** Words of a group of four inputs: for each pixel its six pairs, and room that makes the number of a pair an offset. */
#define PQS_PAIRS_GROUP 64

/** Bytes that a group must not cross a multiple of, so that a pair's number can be inserted into an address. */
#define PQS_PAIRS_ALIGNMENT 256

/** Words of weights are of two groups; loops take two of them at once. */
#define PQS_PAIRS_STEP 2

/** Where a word's first pair of weights is: in the upper bits of both halves, so that sums are multiples of 2^10. */
#define PQS_PAIRS_WEIGHTS 0xFC00FC00u
#define PQS_PAIRS_SHIFT 10

/** The bits from a word's first pair of weights down to its second one. */
#define PQS_PAIRS_SECOND 6u

/** In the second word of a step: set in a channel's last. */
#define PQS_PAIRS_LAST 8u

/** The greatest sum of 16 bits less the least one. */
#define PQS_PAIRS_SPAN 0xFFFF

#if defined(PQS_DSP) && !defined(PQS_EMULATE_DSP) && defined(PQS_THUMB2_LOOPS)
#define PQS_PAIRS_ASSEMBLY 1
#endif

/** What a kernel works in. */
typedef struct {
    pqs_packed_pixel *pixels; /* of a block, and the next */
    int8_t *padding;          /* inputs of a pixel outside */
    uint32_t *pairs;
    int32_t count; /* pixels of the block */
} pqs_pairs_room;

/** Divides the scratch, and begins with the first pixel. */
PQS_INLINE pqs_pairs_room pqs_pairs_begin(const pqs_packed_conv2d_params *params, void *scratch)
{
    pqs_pairs_room room;
    room.count = PQS_PAIRS_PIXELS;
    room.pixels = (pqs_packed_pixel *)scratch;
    room.padding = (int8_t *)(room.pixels + PQS_PAIRS_PIXELS + 1);
    int8_t *const rest = room.padding + params->input_channels;
    room.pairs = (uint32_t *)(void *)(rest + (0u - (uintptr_t)rest) % PQS_PAIRS_ALIGNMENT);
    memset(room.padding, params->input_zero_point, (size_t)params->input_channels);
    room.pixels[PQS_PAIRS_PIXELS] = pqs_packed_first_pixel(params);
    return room;
}

/* ---- Pairs of inputs ---- */

/** The six pairs of four inputs. */
typedef struct {
    uint32_t pair[PQS_PAIRS];
} pqs_pairs_of_group;

/** Two inputs as halves. */
PQS_INLINE uint32_t pqs_pair_halves(int32_t first, int32_t second)
{
    return ((uint32_t)second << 16) | ((uint32_t)first & 0xFFFFu);
}

/** In the order of the pairs' numbers: 0 and 1, 0 and 2, 0 and 3, 1 and 2, 1 and 3, 2 and 3. */
PQS_INLINE pqs_pairs_of_group pqs_pairs_load(const int8_t *input)
{
    pqs_pairs_of_group group;
#if defined(PQS_DSP)
    const uint32_t word = pqs_load4(input);
    const uint32_t even = pqs_even_lanes(word);
    const uint32_t odd = pqs_odd_lanes(word);
    group.pair[0] = pqs_low_halves(even, odd);
    group.pair[1] = even;
    group.pair[2] = pqs_low_and_high_half(even, odd);
    group.pair[3] = pqs_low_and_high_half(odd, even);
    group.pair[4] = odd;
    group.pair[5] = pqs_high_halves(even, odd);
#else
    group.pair[0] = pqs_pair_halves(input[0], input[1]);
    group.pair[1] = pqs_pair_halves(input[0], input[2]);
    group.pair[2] = pqs_pair_halves(input[0], input[3]);
    group.pair[3] = pqs_pair_halves(input[1], input[2]);
    group.pair[4] = pqs_pair_halves(input[1], input[3]);
    group.pair[5] = pqs_pair_halves(input[2], input[3]);
#endif
    return group;
}

/** Writes the pairs of one pixel's inputs. */
PQS_NOINLINE void pqs_pairs_put(const int8_t *input, int32_t groups, uint32_t *target)
{
    for (; groups > 0; groups--) {
        const pqs_pairs_of_group group = pqs_pairs_load(input);
        for (int32_t pair = 0; pair < PQS_PAIRS; pair++) {
            target[pair * PQS_PAIRS_PIXELS] = group.pair[pair];
        }
        input += 4;
        target += PQS_PAIRS_GROUP;
    }
}

/** Writes the pairs of two neighbouring pixels' inputs, of at least one group. */
PQS_NOINLINE void pqs_pairs_put_two(const int8_t *first, const int8_t *second, int32_t groups, uint32_t *target)
{
#if defined(PQS_PAIRS_ASSEMBLY)
    /* In assembly, since compilers store words one by one. */
    const int8_t *const end = first + 4 * groups;
    uint32_t low;
    uint32_t high;
    uint32_t even0;
    uint32_t even1;
    uint32_t odd0;
    uint32_t odd1;
    __asm__ volatile("1:\n\t"
                     "ldr %[low], [%[first]], #4\n\t"
                     "ldr %[high], [%[second]], #4\n\t"
                     "sxtb16 %[even0], %[low]\n\t"
                     "sxtb16 %[even1], %[high]\n\t"
                     "strd %[even0], %[even1], [%[target], #32]\n\t"
                     "sxtb16 %[odd0], %[low], ror #8\n\t"
                     "sxtb16 %[odd1], %[high], ror #8\n\t"
                     "strd %[odd0], %[odd1], [%[target], #128]\n\t"
                     "pkhbt %[low], %[even0], %[odd0]\n\t"
                     "pkhbt %[high], %[even1], %[odd1]\n\t"
                     "strd %[low], %[high], [%[target], #64]\n\t"
                     "pkhbt %[low], %[odd0], %[even0]\n\t"
                     "pkhbt %[high], %[odd1], %[even1]\n\t"
                     "strd %[low], %[high], [%[target], #96]\n\t"
                     "pkhtb %[low], %[odd0], %[even0], asr #16\n\t"
                     "pkhtb %[high], %[odd1], %[even1], asr #16\n\t"
                     "strd %[low], %[high], [%[target], #160]\n\t"
                     "pkhbt %[low], %[even0], %[odd0], lsl #16\n\t"
                     "pkhbt %[high], %[even1], %[odd1], lsl #16\n\t"
                     "strd %[low], %[high], [%[target]], #256\n\t"
                     "cmp %[first], %[end]\n\t"
                     "bne 1b\n\t"
                     : [first] "+r"(first), [second] "+r"(second), [target] "+r"(target), [low] "=&r"(low),
                       [high] "=&r"(high), [even0] "=&r"(even0), [even1] "=&r"(even1), [odd0] "=&r"(odd0),
                       [odd1] "=&r"(odd1)
                     : [end] "r"(end)
                     : "cc", "memory");
#else
    for (; groups > 0; groups--) {
        const pqs_pairs_of_group low = pqs_pairs_load(first);
        const pqs_pairs_of_group high = pqs_pairs_load(second);
        for (int32_t pair = 0; pair < PQS_PAIRS; pair++) {
            target[pair * PQS_PAIRS_PIXELS] = low.pair[pair];
            target[pair * PQS_PAIRS_PIXELS + 1] = high.pair[pair];
        }
        first += 4;
        second += 4;
        target += PQS_PAIRS_GROUP;
    }
#endif
}

#if defined(PQS_THUMB2_LOOPS)
/** Copies eight words. */
#define PQS_PAIRS_COPY                                                                                                 \
    "ldmia %[source]!, {r3, r4, r5, r6, r8, r9, r10, r12}\n\t"                                                        \
    "stmia %[target]!, {r3, r4, r5, r6, r8, r9, r10, r12}\n\t"
#endif

/** Copies the pairs of groups, from the lowest address on. */
PQS_NOINLINE void pqs_pairs_move(const uint32_t *source, int32_t groups, uint32_t *target)
{
#if defined(PQS_THUMB2_LOOPS)
    /* In assembly, since compilers load and store words one by one. */
    if (groups > 0) {
        __asm__ volatile("1:\n\t" PQS_PAIRS_COPY PQS_PAIRS_COPY PQS_PAIRS_COPY PQS_PAIRS_COPY PQS_PAIRS_COPY
                             PQS_PAIRS_COPY "adds %[source], %[source], #64\n\t"
                         "adds %[target], %[target], #64\n\t"
                         "subs %[groups], %[groups], #1\n\t"
                         "bne 1b\n\t"
                         : [source] "+r"(source), [target] "+r"(target), [groups] "+r"(groups)
                         :
                         : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "cc", "memory");
    }
#else
    for (; groups > 0; groups--) {
        for (int32_t word = 0; word < PQS_PAIRS * PQS_PAIRS_PIXELS; word++) {
            target[word] = source[word];
        }
        source += PQS_PAIRS_GROUP;
        target += PQS_PAIRS_GROUP;
    }
#endif
}

/** The inputs under a tap of a pixel's window. */
PQS_INLINE const int8_t *pqs_pairs_tap(const pqs_packed_conv2d_params *params,
                                       const int8_t *input,
                                       const pqs_pairs_room *room,
                                       int32_t pixel,
                                       int32_t tap_y,
                                       int32_t tap_x)
{
    const int8_t *const source = pqs_packed_tap(params, input, &room->pixels[pixel], tap_y, tap_x);
    return source != NULL ? source : room->padding;
}

/**
 * Writes the pairs of the inputs of a block of pixels, from a row of taps on.
 *
 * @param shares whether the pixels are neighbours whose windows are one input apart.
 */
PQS_NOINLINE void pqs_pairs_gather(
    const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_pairs_room *room, int32_t tap_y, int shares)
{
    const int32_t groups = params->input_channels / 4;
    uint32_t *target = room->pairs + tap_y * params->kernel_width * groups * PQS_PAIRS_GROUP;
    for (; tap_y < params->kernel_height; tap_y++) {
        for (int32_t tap_x = 0; tap_x < params->kernel_width; tap_x++) {
            if (shares && tap_x > 0) {
                /* This tap's inputs are those of the last tap, a pixel on: only the last pixel's are missing. */
                pqs_pairs_move(target - groups * PQS_PAIRS_GROUP + 1, groups, target);
                pqs_pairs_put(pqs_pairs_tap(params, input, room, PQS_PAIRS_PIXELS - 1, tap_y, tap_x),
                              groups,
                              target + PQS_PAIRS_PIXELS - 1);
            } else {
                for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel += 2) {
                    pqs_pairs_put_two(pqs_pairs_tap(params, input, room, pixel, tap_y, tap_x),
                                      pqs_pairs_tap(params, input, room, pixel + 1, tap_y, tap_x),
                                      groups,
                                      target + pixel);
                }
            }
            target += groups * PQS_PAIRS_GROUP;
        }
    }
}

/** Writes the pairs of the next pixels, and moves on. */
PQS_NOINLINE void
pqs_pairs_gather_next(const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_pairs_room *room)
{
    pqs_packed_pixel *const next = &room->pixels[PQS_PAIRS_PIXELS];
    const int shares =
        params->stride_width == 1 && params->dilation_width == 1 && next->left_in_row >= PQS_PAIRS_PIXELS;
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        room->pixels[pixel] = *next;
        if (pixel < room->count) {
            pqs_packed_advance(params, next);
        } else {
            /* A pixel that there is not is as good as outside the input. */
            room->pixels[pixel].origin_y = params->input_height;
        }
    }
    pqs_pairs_gather(params, input, room, 0, shares);
}

/**
 * Writes the pairs of eight pixels of a row.
 *
 * @param image where the image starts in the input.
 * @param y the row; but for the first row, the pairs of the row above are there.
 * @param x the first pixel.
 */
PQS_NOINLINE void pqs_pairs_gather_below(const pqs_packed_conv2d_params *params,
                                         const int8_t *input,
                                         const pqs_pairs_room *room,
                                         int32_t image,
                                         int32_t y,
                                         int32_t x)
{
    const int32_t groups = params->kernel_width * params->input_channels / 4;
    int32_t tap_y = 0;
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        room->pixels[pixel].image = image;
        room->pixels[pixel].origin_y = y * params->stride_height - params->padding_top;
        room->pixels[pixel].origin_x = (x + pixel) * params->stride_width - params->padding_left;
    }
    if (y > 0) {
        /* Rows of taps cover what others did in the row above. */
        tap_y = params->kernel_height - params->stride_height;
        pqs_pairs_move(room->pairs + params->stride_height * groups * PQS_PAIRS_GROUP, tap_y * groups, room->pairs);
    }
    pqs_pairs_gather(params, input, room, tap_y, params->stride_width == 1 && params->dilation_width == 1);
}

/* ---- Sums ---- */

#if defined(PQS_PAIRS_ASSEMBLY)

/* In assembly, since compilers neither insert a pair's number into an address nor find registers for all. */

#define PQS_PAIRS_TWO(first, second, offset, weights)                                                                  \
    "ldrd %[x0], %[x1], [%[group], #" #offset "]\n\t"                                                                  \
    "smlad %[" #first "], %[x0], %[" #weights "], %[" #first "]\n\t"                                                   \
    "smlad %[" #second "], %[x1], %[" #weights "], %[" #second "]\n\t"

#define PQS_PAIRS_EIGHT(offset, weights)                                                                               \
    PQS_PAIRS_TWO(a0, a1, offset, weights)                                                                             \
    PQS_PAIRS_TWO(a2, a3, offset + 8, weights)                                                                         \
    PQS_PAIRS_TWO(a4, a5, offset + 16, weights)                                                                        \
    PQS_PAIRS_TWO(a6, a7, offset + 24, weights)

/** The first group of a word, `offset` bytes from the address. */
#define PQS_PAIRS_FIRST_GROUP(offset)                                                                                  \
    "ldr %[c], [%[codes]], #4\n\t"                                                                                     \
    "bfi %[group], %[c], #5, #3\n\t"                                                                                   \
    "and %[w], %[c], #0xFC00FC00\n\t" PQS_PAIRS_EIGHT(offset, w)

/** The second group of a word. */
#define PQS_PAIRS_SECOND_GROUP(offset)                                                                                 \
    "lsr %[x0], %[c], #16\n\t"                                                                                         \
    "bfi %[group], %[x0], #5, #3\n\t"                                                                                  \
    "lsl %[c], %[c], #6\n\t"                                                                                           \
    "and %[c], %[c], #0xFC00FC00\n\t" PQS_PAIRS_EIGHT(offset, c)

#define PQS_PAIRS_RUN                                                                                                  \
    "1:\n\t" PQS_PAIRS_FIRST_GROUP(0) PQS_PAIRS_SECOND_GROUP(256) PQS_PAIRS_FIRST_GROUP(512)                           \
    "tst %[c], #8\n\t" PQS_PAIRS_SECOND_GROUP(768)                                                                     \
    "add %[group], %[group], #1024\n\t"                                                                                \
    "beq 1b\n\t"

#else

/** Adds the products of a pair of weights with a pair of inputs. */
PQS_INLINE int32_t pqs_pairs_add(uint32_t inputs, uint32_t weights, int32_t sum)
{
#if defined(PQS_DSP)
    return pqs_multiply_add_halves(inputs, weights, sum);
#else
    const int32_t first = (int32_t)(int16_t)(uint16_t)(inputs & 0xFFFFu) * (int32_t)(int16_t)(uint16_t)(weights & 0xFFFFu);
    const int32_t second = ((int32_t)inputs >> 16) * ((int32_t)weights >> 16);
    return sum + first + second;
#endif
}

#endif

/**
 * Sums up the products of a channel, without bias, times 2^PQS_PAIRS_SHIFT.
 *
 * @param codes of the channel.
 * @param pairs of the pixels of a block.
 */
PQS_NOINLINE void pqs_pairs_sum(const int8_t *codes, const uint32_t *pairs, int32_t sums[PQS_PAIRS_PIXELS])
{
#if defined(PQS_PAIRS_ASSEMBLY)
    register const int8_t *next __asm__("r0") = codes;
    register uintptr_t group __asm__("r1") = (uintptr_t)pairs;
    register uint32_t x0 __asm__("r2");
    register uint32_t x1 __asm__("r3");
    register int32_t a0 __asm__("r4") = 0;
    register int32_t a1 __asm__("r5") = 0;
    register int32_t a2 __asm__("r6") = 0;
    register uint32_t w __asm__("r7");
    register int32_t a3 __asm__("r8") = 0;
    register int32_t a4 __asm__("r9") = 0;
    register int32_t a5 __asm__("r10") = 0;
    register int32_t a6 __asm__("r11") = 0;
    register int32_t a7 __asm__("r12") = 0;
    register uint32_t c __asm__("lr");
    __asm__ volatile(PQS_PAIRS_RUN
                     : [codes] "+r"(next), [group] "+r"(group), [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2),
                       [a3] "+r"(a3), [a4] "+r"(a4), [a5] "+r"(a5), [a6] "+r"(a6), [a7] "+r"(a7), [x0] "=&r"(x0),
                       [x1] "=&r"(x1), [w] "=&r"(w), [c] "=&r"(c)
                     :
                     : "cc", "memory");
    sums[0] = a0;
    sums[1] = a1;
    sums[2] = a2;
    sums[3] = a3;
    sums[4] = a4;
    sums[5] = a5;
    sums[6] = a6;
    sums[7] = a7;
#else
    uint32_t last;
    memset(sums, 0, PQS_PAIRS_PIXELS * sizeof *sums);
    do {
        last = 0;
        for (int32_t word = 0; word < PQS_PAIRS_STEP; word++) {
            uint32_t code;
            memcpy(&code, codes, sizeof code);
            last = code & PQS_PAIRS_LAST;
            for (uint32_t half = 0; half < 2u; half++) {
                const uint32_t *const inputs = pairs + ((code >> (16u * half)) & 7u) * PQS_PAIRS_PIXELS;
                const uint32_t weights = (code << (PQS_PAIRS_SECOND * half)) & PQS_PAIRS_WEIGHTS;
                for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
                    sums[pixel] = pqs_pairs_add(inputs[pixel], weights, sums[pixel]);
                }
                pairs += PQS_PAIRS_GROUP;
            }
            codes += sizeof code;
        }
    } while (last == 0);
#endif
}

/* ---- Outputs ---- */

/** How outputs are computed, an argument of bodies, always a constant. */
typedef enum {
    PQS_PAIRS_ANY,      /* by the general way */
    PQS_PAIRS_MODERATE, /* as those of moderate sums */
    PQS_PAIRS_SATURATED /* as those of moderate sums that are saturated to 16 bits */
} pqs_pairs_way;

/** The way that serves all channels. */
PQS_INLINE pqs_pairs_way pqs_pairs_choose(const pqs_packed_conv2d_params *params, int rounding)
{
    if (params->least_sums != NULL && params->sum_span != PQS_PAIRS_SPAN) {
        return PQS_PAIRS_ANY;
    }
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        if (!pqs_shifts_moderately(params->shifts[channel], rounding) || !pqs_is_moderate(params->bias[channel]) ||
            (params->least_sums != NULL && !pqs_is_moderate(params->least_sums[channel]))) {
            return PQS_PAIRS_ANY;
        }
    }
    return params->least_sums != NULL ? PQS_PAIRS_SATURATED : PQS_PAIRS_MODERATE;
}

/** Writes the outputs of `count` pixels of a channel. */
PQS_INLINE void pqs_pairs_write_any(const pqs_packed_conv2d_params *params,
                                    int32_t channel,
                                    const int32_t *sums,
                                    int32_t count,
                                    int8_t *output,
                                    int rounding)
{
    const uint32_t bias = (uint32_t)params->bias[channel];
    for (int32_t pixel = 0; pixel < count; pixel++) {
        int32_t sum = (int32_t)(bias + (uint32_t)(sums[pixel] >> PQS_PAIRS_SHIFT));
        if (params->least_sums != NULL) {
            const int32_t least = params->least_sums[channel];
            sum = pqs_clamp(sum, least, least + params->sum_span);
        }
        *output = (int8_t)pqs_requantize(
            sum, params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
        output += params->output_channels;
        PQS_OPAQUE(pixel);
    }
}

/** Writes the outputs of a channel, whose block is full. */
PQS_INLINE void pqs_pairs_write_moderate(const pqs_packed_conv2d_params *params,
                                         int32_t channel,
                                         const int32_t sums[PQS_PAIRS_PIXELS],
                                         int8_t *output,
                                         int saturates,
                                         int rounding)
{
    const pqs_moderate_factors factors = pqs_make_moderate_factors(
        params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
    const int32_t scale = pqs_moderate_scale(rounding);
    const int32_t step = params->output_channels;
    int32_t bias = params->bias[channel];
    int32_t middle = 0;
    if (saturates) {
        /* Saturated is what is left above the middle of the range. */
        middle = params->least_sums[channel] + PQS_PAIRS_SPAN / 2 + 1;
        bias -= middle;
        middle *= scale;
        PQS_OPAQUE(middle);
    }
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        int32_t sum = bias + (sums[pixel] >> PQS_PAIRS_SHIFT);
        if (saturates) {
            sum = pqs_saturate_16(sum);
        }
        *output = (int8_t)pqs_requantize_moderate(sum * scale + middle, &factors, rounding);
        output += step;
    }
}

/** Writes a channel's outputs of a block, for all channels. */
PQS_INLINE void pqs_pairs_channels(const pqs_packed_conv2d_params *params,
                                   const uint32_t *pairs,
                                   int32_t count,
                                   int8_t *output,
                                   pqs_pairs_way way,
                                   int rounding)
{
    const int8_t *codes = params->weights;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        int32_t sums[PQS_PAIRS_PIXELS];
        pqs_pairs_sum(codes, pairs, sums);
        if (way == PQS_PAIRS_ANY) {
            pqs_pairs_write_any(params, channel, sums, count, output, rounding);
        } else {
            pqs_pairs_write_moderate(params, channel, sums, output, way == PQS_PAIRS_SATURATED, rounding);
        }
        codes += params->channel_codes;
        output++;
    }
}

/** Writes the outputs of a block of pixels. */
PQS_NOINLINE void pqs_pairs_block(const pqs_packed_conv2d_params *params,
                                  const pqs_pairs_room *room,
                                  int8_t *output,
                                  pqs_pairs_way way,
                                  int rounding)
{
    const int32_t count = room->count;
    if (count < PQS_PAIRS_PIXELS || way == PQS_PAIRS_ANY) {
        pqs_pairs_channels(params, room->pairs, count, output, PQS_PAIRS_ANY, rounding);
    } else if (way == PQS_PAIRS_SATURATED) {
        pqs_pairs_channels(params, room->pairs, count, output, PQS_PAIRS_SATURATED, rounding);
    } else {
        pqs_pairs_channels(params, room->pairs, count, output, PQS_PAIRS_MODERATE, rounding);
    }
    pqs_clamp_elements(output, count * params->output_channels, params->activation_min, params->activation_max);
}

/** Computes images of whole blocks in columns of them, downwards, so that what windows have in common is copied. */
PQS_INLINE void pqs_pairs_columns(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  const pqs_pairs_room *room,
                                  pqs_pairs_way way,
                                  int rounding)
{
    const int32_t row = params->output_width * params->output_channels;
    int32_t image = 0;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        for (int32_t x = 0; x < params->output_width; x += PQS_PAIRS_PIXELS) {
            for (int32_t y = 0; y < params->output_height; y++) {
                int8_t *const target = output + y * row + x * params->output_channels;
                pqs_pairs_gather_below(params, input, room, image, y, x);
                pqs_pairs_block(params, room, target, way, rounding);
            }
        }
        image += params->input_height * params->input_width * params->input_channels;
        output += params->output_height * row;
    }
}

/** Computes pixels in their order, through rows and images. */
PQS_INLINE void pqs_pairs_in_order(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   pqs_pairs_room *room,
                                   pqs_pairs_way way,
                                   int rounding)
{
    int32_t left = params->batches * params->output_height * params->output_width;
    while (left > 0) {
        room->count = pqs_min(left, PQS_PAIRS_PIXELS);
        pqs_pairs_gather_next(params, input, room);
        pqs_pairs_block(params, room, output, way, rounding);
        output += room->count * params->output_channels;
        left -= room->count;
    }
}

PQS_INLINE void pqs_conv2d_pairs(
    const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    pqs_pairs_room room = pqs_pairs_begin(params, scratch);
    const pqs_pairs_way way = pqs_pairs_choose(params, rounding);
    if (params->kernel_height > params->stride_height && params->dilation_height == 1 &&
        params->output_width % PQS_PAIRS_PIXELS == 0) {
        pqs_pairs_columns(params, input, output, &room, way, rounding);
    } else {
        pqs_pairs_in_order(params, input, output, &room, way, rounding);
    }
}

void pqs_conv2d_pairs_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_conv2d_pairs(params, input, output, scratch, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_pairs_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_conv2d_pairs(params, input, output, scratch, PQS_ROUNDING_SINGLE);
}
