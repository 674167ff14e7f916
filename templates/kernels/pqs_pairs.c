/* SPDX-License-Identifier: MIT-0 */
#include "pqs_pairs.h"

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

/** Writes the pairs of a block of a column; but for the first row, the pairs of the row above are there. */
PQS_NOINLINE void
pqs_pairs_gather_below(const pqs_packed_conv2d_params *params, const int8_t *input, const pqs_pairs_room *room)
{
    const int32_t groups = params->kernel_width * params->input_channels / 4;
    int32_t tap_y = 0;
    for (int32_t pixel = 0; pixel < PQS_PAIRS_PIXELS; pixel++) {
        room->pixels[pixel].image = room->image;
        room->pixels[pixel].origin_y = room->y * params->stride_height - params->padding_top;
        room->pixels[pixel].origin_x = (room->x + pixel) * params->stride_width - params->padding_left;
    }
    if (room->y > 0) {
        /* Rows of taps cover what others did in the row above. */
        tap_y = params->kernel_height - params->stride_height;
        pqs_pairs_move(
            room->pairs + params->stride_height * groups * PQS_PAIRS_GROUP, tap_y * groups, room->pairs);
    }
    pqs_pairs_gather(params, input, room, tap_y, params->stride_width == 1 && params->dilation_width == 1);
}

/** Whether blocks come in columns. */
PQS_INLINE int pqs_pairs_has_columns(const pqs_packed_conv2d_params *params)
{
    return params->kernel_height > params->stride_height && params->dilation_height == 1 &&
           params->output_width % PQS_PAIRS_PIXELS == 0;
}

pqs_pairs_room pqs_pairs_begin(const pqs_packed_conv2d_params *params, void *scratch)
{
    pqs_pairs_room room;
    room.pixels = (pqs_packed_pixel *)scratch;
    room.padding = (int8_t *)(room.pixels + PQS_PAIRS_PIXELS + 1);
    int8_t *const rest = room.padding + params->input_channels;
    room.pairs = (uint32_t *)(void *)(rest + (0u - (uintptr_t)rest) % PQS_PAIRS_ALIGNMENT);
    memset(room.padding, params->input_zero_point, (size_t)params->input_channels);
    room.pixels[PQS_PAIRS_PIXELS] = pqs_packed_first_pixel(params);
    room.count = 0;
    room.output = 0;
    room.left = params->batches * params->output_height * params->output_width;
    room.image = 0;
    room.first = 0;
    room.y = 0;
    room.x = 0;
    return room;
}

int pqs_pairs_next(const pqs_packed_conv2d_params *params, const int8_t *input, pqs_pairs_room *room)
{
    const int32_t row = params->output_width * params->output_channels;
    if (room->left == 0) {
        return 0;
    }
    if (!pqs_pairs_has_columns(params)) {
        room->output += room->count * params->output_channels;
        room->count = pqs_min(room->left, PQS_PAIRS_PIXELS);
        room->left -= room->count;
        pqs_pairs_gather_next(params, input, room);
        return 1;
    }
    room->output = room->first + room->y * row + room->x * params->output_channels;
    room->count = PQS_PAIRS_PIXELS;
    room->left -= PQS_PAIRS_PIXELS;
    pqs_pairs_gather_below(params, input, room);
    if (++room->y == params->output_height) {
        room->y = 0;
        room->x += PQS_PAIRS_PIXELS;
        if (room->x == params->output_width) {
            room->x = 0;
            room->image += params->input_height * params->input_width * params->input_channels;
            room->first += params->output_height * row;
        }
    }
    return 1;
}
