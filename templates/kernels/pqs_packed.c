/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed.h"

/** Moves on by PQS_PACKED_WORDS pixels. */
PQS_INLINE void pqs_packed_skip(const pqs_packed_conv2d_params *params, pqs_packed_pixel *pixel)
{
    if (pixel->left_in_row > PQS_PACKED_WORDS) {
        pixel->left_in_row -= PQS_PACKED_WORDS;
        pixel->origin_x += PQS_PACKED_WORDS * params->stride_width;
        return;
    }
    for (int32_t left = PQS_PACKED_WORDS; left > 0; left--) {
        pqs_packed_advance(params, pixel);
        PQS_OPAQUE(left);
    }
}

/** True where a word has one pixel: a constant where none has. */
#define PQS_PACKED_IS_SINGLE(lane) (PQS_PACKED_WIDE_LANE == 32 && (lane) == 32)

/** The word of two pixels' inputs, which are `lane` bits apart, or of the first. */
PQS_INLINE uint32_t pqs_packed_word(int32_t low, int32_t high, int32_t lane)
{
    return (PQS_PACKED_IS_SINGLE(lane) ? 0u : (uint32_t)high << lane) + (uint32_t)low;
}

/**
 * Writes the words of four pixels' inputs in one row. The pixels are in the order of lanes: the low one of a word, its high
 * one, and those of the next word; where words have one pixel, four neighbours.
 */
PQS_INLINE void pqs_packed_put(uint32_t *target, const int8_t *const sources[4], int32_t index, int32_t lane)
{
    if (PQS_PACKED_IS_SINGLE(lane)) {
        for (int32_t pixel = 0; pixel < 4; pixel++) {
            target[PQS_PACKED_WORDS * index + pixel] = (uint32_t)sources[pixel][index];
        }
        return;
    }
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

/** Writes the words of four pixels' inputs, one row each, into wide lanes. */
PQS_NOINLINE void pqs_packed_copy_wide(const int8_t *const pixels[4], int32_t count, uint32_t *target)
{
    pqs_packed_copy(pixels, count, target, PQS_PACKED_WIDE_LANE);
}

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
PQS_INLINE void pqs_packed_gather_any_pair(
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

/* Out of line, and one for each kind of lanes, of which a model mostly has but one. So are others below. */

PQS_NOINLINE void
pqs_packed_gather_pair_16(const int8_t *low, const int8_t *high, int32_t count, int32_t padding, uint32_t *target)
{
    pqs_packed_gather_any_pair(low, high, count, padding, target, 16);
}

PQS_NOINLINE void
pqs_packed_gather_pair_wide(const int8_t *low, const int8_t *high, int32_t count, int32_t padding, uint32_t *target)
{
    pqs_packed_gather_any_pair(low, high, count, padding, target, PQS_PACKED_WIDE_LANE);
}

/** The same in lanes of either kind. */
PQS_INLINE void pqs_packed_gather_pair(
    const int8_t *low, const int8_t *high, int32_t count, int32_t padding, uint32_t *target, int32_t lane)
{
    if (lane == 16) {
        pqs_packed_gather_pair_16(low, high, count, padding, target);
    } else {
        pqs_packed_gather_pair_wide(low, high, count, padding, target);
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

/**
 * Writes the rows of four pixels, tap by tap.
 *
 * @param columns of taps, from the first on.
 */
PQS_INLINE void pqs_packed_gather_taps(const pqs_packed_conv2d_params *params,
                                       const int8_t *input,
                                       const pqs_packed_pixel pixels[4],
                                       int32_t columns,
                                       uint32_t *target,
                                       int32_t lane)
{
    const int32_t padding = params->input_zero_point;
    const int32_t channels = params->input_channels;
    for (int32_t tap_y = 0; tap_y < params->kernel_height; tap_y++) {
        uint32_t *next = target;
        for (int32_t tap_x = 0; tap_x < columns; tap_x++) {
            const int8_t *sources[4];
            int inside = 1;
            for (int32_t index = 0; index < 4; index++) {
                sources[index] = pqs_packed_tap(params, input, &pixels[index], tap_y, tap_x);
                inside = inside && sources[index] != NULL;
            }
            if (inside) {
                pqs_packed_copy_lanes(sources, channels, next, lane);
            } else if (PQS_PACKED_IS_SINGLE(lane)) {
                /* Each is a pair of its own, whose high lane is not read. */
                for (int32_t index = 0; index < 4; index++) {
                    pqs_packed_gather_pair(sources[index], sources[index], channels, padding, next + index, lane);
                    PQS_OPAQUE(index);
                }
            } else {
                pqs_packed_gather_pair(sources[0], sources[1], channels, padding, next, lane);
                pqs_packed_gather_pair(sources[2], sources[3], channels, padding, next + 1, lane);
            }
            next += channels * PQS_PACKED_WORDS;
        }
        target += params->kernel_width * channels * PQS_PACKED_WORDS;
    }
}

/** Writes the rows of four pixels, by rows of taps where nothing is outside the input. */
PQS_INLINE void pqs_packed_gather_any_four(const pqs_packed_conv2d_params *params,
                                           const int8_t *input,
                                           const pqs_packed_pixel pixels[4],
                                           int32_t columns,
                                           uint32_t *target,
                                           int32_t lane)
{
    const int32_t last_x = params->input_width - columns;
    const int32_t last_y = params->input_height - 1 - (params->kernel_height - 1) * params->dilation_height;
    int inside = params->dilation_width == 1;
    for (int32_t index = 0; index < 4; index++) {
        inside = inside && pixels[index].origin_x >= 0 && pixels[index].origin_x <= last_x &&
                 pixels[index].origin_y >= 0 && pixels[index].origin_y <= last_y;
    }
    if (!inside) {
        pqs_packed_gather_taps(params, input, pixels, columns, target, lane);
        return;
    }
    const int8_t *sources[4];
    const int32_t size = columns * params->input_channels;
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
        target += params->kernel_width * params->input_channels * PQS_PACKED_WORDS;
    }
}

PQS_NOINLINE void pqs_packed_gather_four_16(const pqs_packed_conv2d_params *params,
                                            const int8_t *input,
                                            const pqs_packed_pixel pixels[4],
                                            int32_t columns,
                                            uint32_t *target)
{
    pqs_packed_gather_any_four(params, input, pixels, columns, target, 16);
}

PQS_NOINLINE void pqs_packed_gather_four_wide(const pqs_packed_conv2d_params *params,
                                              const int8_t *input,
                                              const pqs_packed_pixel pixels[4],
                                              int32_t columns,
                                              uint32_t *target)
{
    pqs_packed_gather_any_four(params, input, pixels, columns, target, PQS_PACKED_WIDE_LANE);
}

/** The same in lanes of either kind. */
PQS_INLINE void pqs_packed_gather_four(const pqs_packed_conv2d_params *params,
                                       const int8_t *input,
                                       const pqs_packed_pixel pixels[4],
                                       int32_t columns,
                                       uint32_t *target,
                                       int32_t lane)
{
    if (lane == 16) {
        pqs_packed_gather_four_16(params, input, pixels, columns, target);
    } else {
        pqs_packed_gather_four_wide(params, input, pixels, columns, target);
    }
}

#if defined(PQS_THUMB1_LOOPS)

/** Moves rows, and completes the last word, whose low lane is in r7. */
#define PQS_PACKED_MOVE_RUN(add_high)                                                                                  \
    __asm__ volatile(".syntax unified\n"                                                                               \
                     "1:\n\t"                                                                                          \
                     "ldm r0!, {r4, r5, r6, r7}\n\t"                                                                   \
                     "stm r1!, {r4, r5, r6, r7}\n\t"                                                                   \
                     "ldm r0!, {r4, r5, r6}\n\t"                                                                       \
                     "stm r1!, {r4, r5, r6}\n\t"                                                                       \
                     "movs r7, #0\n\t"                                                                                 \
                     "ldrsb r7, [r2, r7]\n\t" add_high "stm r1!, {r7}\n\t"                                            \
                     "adds r0, #4\n\t"                                                                                 \
                     "adds r2, #1\n\t"                                                                                 \
                     "cmp r2, r8\n\t"                                                                                  \
                     "bne 1b\n\t"                                                                                      \
                     : "+l"(from), "+l"(to), "+l"(next_low)                                                            \
                     : "l"(distance), "h"(last)                                                                        \
                     : "r4", "r5", "r6", "r7", "cc", "memory")

#endif

/**
 * Writes rows of which all words but the last are those of other rows, from their second word on.
 *
 * @param low inputs of the last word's low lane.
 * @param high likewise of its high one.
 */
PQS_INLINE void pqs_packed_move(
    const uint32_t *source, const int8_t *low, const int8_t *high, int32_t count, uint32_t *target, int32_t lane)
{
#if defined(PQS_THUMB2_LOOPS)
    /* In assembly, to load and to store a row by one instruction each. */
    register const uint32_t *from __asm__("r0") = source;
    register uint32_t *to __asm__("r1") = target;
    register const int8_t *next_low __asm__("r2") = low;
    register const int8_t *next_high __asm__("r3") = high;
    register int32_t left __asm__("r4") = count;
    __asm__ volatile("1:\n\t"
                     "ldm r0!, {r5, r6, r7, r8, r9, r10, r11, r12}\n\t"
                     "ldrsb r5, [r2], #1\n\t"
                     "ldrsb lr, [r3], #1\n\t"
                     "add lr, r5, lr, lsl %[lane]\n\t"
                     "stm r1!, {r6, r7, r8, r9, r10, r11, r12, lr}\n\t"
                     "subs r4, #1\n\t"
                     "bne 1b\n\t"
                     : "+r"(from), "+r"(to), "+r"(next_low), "+r"(next_high), "+r"(left)
                     : [lane] "i"(lane)
                     : "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
#elif defined(PQS_THUMB1_LOOPS)
    register const uint32_t *from __asm__("r0") = source + 1;
    register uint32_t *to __asm__("r1") = target;
    register const int8_t *next_low __asm__("r2") = low;
    register uintptr_t distance __asm__("r3") = (uintptr_t)high - (uintptr_t)low;
    register const int8_t *last __asm__("r8") = low + count;
    if (PQS_PACKED_IS_SINGLE(lane)) {
        PQS_PACKED_MOVE_RUN("");
    } else {
        PQS_PACKED_MOVE_RUN("ldrsb r5, [r2, r3]\n\t"
                            "lsls r5, r5, #16\n\t"
                            "adds r7, r7, r5\n\t");
    }
#else
    for (; count > 0; count--) {
        for (int32_t word = 1; word < PQS_PACKED_WORDS; word++) {
            target[word - 1] = source[word];
        }
        target[PQS_PACKED_WORDS - 1] = pqs_packed_word(*low++, *high++, lane);
        source += PQS_PACKED_WORDS;
        target += PQS_PACKED_WORDS;
    }
#endif
}

PQS_NOINLINE void pqs_packed_move_16(
    const uint32_t *source, const int8_t *low, const int8_t *high, int32_t count, uint32_t *target)
{
    pqs_packed_move(source, low, high, count, target, 16);
}

PQS_NOINLINE void pqs_packed_move_wide(
    const uint32_t *source, const int8_t *low, const int8_t *high, int32_t count, uint32_t *target)
{
    pqs_packed_move(source, low, high, count, target, PQS_PACKED_WIDE_LANE);
}

/** The same in lanes of either kind. */
PQS_INLINE void pqs_packed_move_lanes(
    const uint32_t *source, const int8_t *low, const int8_t *high, int32_t count, uint32_t *target, int32_t lane)
{
    if (lane == 16) {
        pqs_packed_move_16(source, low, high, count, target);
    } else {
        pqs_packed_move_wide(source, low, high, count, target);
    }
}

/** The same with padding: an address of inputs is NULL where padding stands for them. */
PQS_INLINE void pqs_packed_move_padded(const pqs_packed_conv2d_params *params,
                                         const int8_t *input,
                                         const int8_t *low,
                                         const int8_t *high,
                                         const uint32_t *source,
                                         uint32_t *target,
                                         int32_t lane)
{
    const int32_t channels = params->input_channels;
    if (low != NULL && high != NULL) {
        pqs_packed_move_lanes(source, low, high, channels, target, lane);
    } else {
        pqs_packed_move_lanes(source, input, input, channels, target, lane);
        pqs_packed_gather_pair(low, high, channels, params->input_zero_point, target + PQS_PACKED_WORDS - 1, lane);
    }
}

/** Writes the rows of taps behind the first `columns`, by moving those of taps that are as many columns before. */
PQS_INLINE void pqs_packed_move_any_taps(const pqs_packed_conv2d_params *params,
                                         const int8_t *input,
                                         const pqs_packed_room *room,
                                         int32_t columns,
                                         int32_t lane)
{
    const int32_t size = params->input_channels * PQS_PACKED_WORDS;
    uint32_t *target = room->rows;
    for (int32_t tap_y = 0; tap_y < params->kernel_height; tap_y++) {
        target += columns * size;
        for (int32_t tap_x = columns; tap_x < params->kernel_width; tap_x++) {
            const int8_t *high = pqs_packed_tap(params, input, &room->pixels[3], tap_y, tap_x);
            const int8_t *low =
                PQS_PACKED_IS_SINGLE(lane) ? high : pqs_packed_tap(params, input, &room->pixels[2], tap_y, tap_x);
            pqs_packed_move_padded(params, input, low, high, target - columns * size, target, lane);
            target += size;
        }
    }
}

PQS_NOINLINE void pqs_packed_move_taps_16(const pqs_packed_conv2d_params *params,
                                          const int8_t *input,
                                          const pqs_packed_room *room,
                                          int32_t columns)
{
    pqs_packed_move_any_taps(params, input, room, columns, 16);
}

PQS_NOINLINE void pqs_packed_move_taps_wide(const pqs_packed_conv2d_params *params,
                                            const int8_t *input,
                                            const pqs_packed_room *room,
                                            int32_t columns)
{
    pqs_packed_move_any_taps(params, input, room, columns, PQS_PACKED_WIDE_LANE);
}

/** The same in lanes of either kind. */
PQS_INLINE void pqs_packed_move_taps(const pqs_packed_conv2d_params *params,
                                     const int8_t *input,
                                     const pqs_packed_room *room,
                                     int32_t columns,
                                     int32_t lane)
{
    if (lane == 16) {
        pqs_packed_move_taps_16(params, input, room, columns);
    } else {
        pqs_packed_move_taps_wide(params, input, room, columns);
    }
}

/** Writes the rows of a block of which each half is of neighbours in a row, or where words have one pixel the whole. */
PQS_INLINE void pqs_packed_gather_neighbours(
    const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_packed_room *room, int32_t lane)
{
    const int32_t step = params->stride_width;
    const int32_t distance = step / params->dilation_width;
    const int32_t columns = distance * params->dilation_width == step ? pqs_min(distance, params->kernel_width)
                                                                       : params->kernel_width;
    const int32_t words = PQS_PACKED_IS_SINGLE(lane) ? 4 : 2;
    const pqs_packed_pixel *const low = PQS_PACKED_IS_SINGLE(lane) ? room->high : room->low;
    room->pixels[0] = *low;
    room->pixels[1] = *room->high;
    room->pixels[2] = *low;
    room->pixels[3] = *room->high;
    room->pixels[1].origin_x += PQS_PACKED_IS_SINGLE(lane) ? step : 0;
    room->pixels[2].origin_x += words / 2 * step;
    room->pixels[3].origin_x += (words - 1) * step;
    for (int32_t word = 0;;) {
        pqs_packed_gather_four(params, input, room->pixels, columns, room->rows + word, lane);
        word += words;
        PQS_OPAQUE(word);
        if (word == PQS_PACKED_WORDS) {
            break;
        }
        room->pixels[0].origin_x += words * step;
        room->pixels[1].origin_x += words * step;
        room->pixels[2].origin_x += words * step;
        room->pixels[3].origin_x += words * step;
    }
    if (columns < params->kernel_width) {
        pqs_packed_move_taps(params, input, room, columns, lane);
    }
    pqs_packed_skip(params, room->high);
}

/** Moves back, to pixels that there are. */
PQS_INLINE void pqs_packed_go_back(const pqs_packed_conv2d_params *params, pqs_packed_pixel *pixel, int32_t pixels)
{
    for (; pixels > 0; pixels--) {
        PQS_OPAQUE(pixels);
        pixel->origin_x -= params->stride_width;
        if (pixel->left_in_row++ == params->output_width) {
            pixel->left_in_row = 1;
            pixel->origin_x += params->output_width * params->stride_width;
            pixel->origin_y -= params->stride_height;
            if (pixel->left_in_image++ == params->output_height) {
                pixel->left_in_image = 1;
                pixel->origin_y += params->output_height * params->stride_height;
                pixel->image -= params->input_height * params->input_width * params->input_channels;
            }
        }
    }
}

/** True where the windows of pixels follow one another in the input as the pixels do. */
PQS_INLINE int pqs_packed_is_flat(const pqs_packed_conv2d_params *params)
{
    return params->kernel_height == 1 && params->kernel_width == 1 && params->input_height == params->output_height &&
           params->input_width == params->output_width && params->stride_height == 1 && params->stride_width == 1 &&
           params->padding_top == 0 && params->padding_left == 0;
}

/** Writes the rows of a whole block of such pixels. */
PQS_INLINE void pqs_packed_gather_flat(const int8_t *input, int32_t channels, uint32_t *target, int32_t lane)
{
    const int32_t words = PQS_PACKED_IS_SINGLE(lane) ? 4 : 2;
    for (int32_t word = 0; word < PQS_PACKED_WORDS; word += words) {
        const int8_t *sources[4];
        sources[0] = input + word * channels;
        sources[1] = sources[0] + (PQS_PACKED_IS_SINGLE(lane) ? 1 : PQS_PACKED_WORDS) * channels;
        sources[2] = sources[0] + words / 2 * channels;
        sources[3] = sources[1] + words / 2 * channels;
        pqs_packed_copy_lanes(sources, channels, target + word, lane);
        PQS_OPAQUE(word);
    }
}

/** Writes the rows of a block, the next one. */
PQS_INLINE void pqs_packed_gather(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  const pqs_packed_room *room,
                                  const pqs_packed_blocks *block,
                                  int32_t lane)
{
    const int32_t count = block->count;
    const int single = PQS_PACKED_IS_SINGLE(lane);
    const int whole = count == (single ? PQS_PACKED_WORDS : PQS_PACKED_PIXELS);
    if (whole && pqs_packed_is_flat(params)) {
        const int32_t channels = params->input_channels;
        pqs_packed_gather_flat(input + block->first * channels, channels, room->rows, lane);
        return;
    }
    pqs_packed_go_back(params, room->high, block->repeated);
    if (!single) {
        *room->low = *room->high;
        pqs_packed_skip(params, room->high);
    }
    if (whole && (single || room->low->left_in_row >= PQS_PACKED_WORDS) &&
        room->high->left_in_row >= PQS_PACKED_WORDS) {
        pqs_packed_gather_neighbours(params, input, room, lane);
        return;
    }
    const int32_t words = single ? 4 : 2;
    for (int32_t word = 0; word < pqs_min(count, PQS_PACKED_WORDS); word += words) {
        for (int32_t index = 0; index < 4; index++) {
            pqs_packed_pixel *next = single || index % 2 != 0 ? room->high : room->low;
            const int32_t number = single ? word + index : word + index / 2 + index % 2 * PQS_PACKED_WORDS;
            room->pixels[index] = *next;
            pqs_packed_advance(params, next);
            if (number >= count) {
                /* A pixel that there is not is as good as outside the input. */
                room->pixels[index].origin_y = params->input_height;
            }
            PQS_OPAQUE(index);
        }
        pqs_packed_gather_four(params, input, room->pixels, params->kernel_width, room->rows + word, lane);
    }
}

void pqs_packed_gather_16(const pqs_packed_conv2d_params *params,
                          const int8_t *input,
                          const pqs_packed_room *room,
                          const pqs_packed_blocks *block)
{
    pqs_packed_gather(params, input, room, block, 16);
}

void pqs_packed_gather_wide(const pqs_packed_conv2d_params *params,
                            const int8_t *input,
                            const pqs_packed_room *room,
                            const pqs_packed_blocks *block)
{
    pqs_packed_gather(params, input, room, block, PQS_PACKED_WIDE_LANE);
}
