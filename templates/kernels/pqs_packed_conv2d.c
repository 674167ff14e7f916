/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed.h"

#if !defined(PQS_MVE)

/*
 * Lanes of 16 bits: a word of a row times a weight, added to an accumulator of 32 bits, adds to the sums of two pixels at
 * once.
 *
 * The low lane starts at 2^15. At the end of each segment it is in 0..2^16-1, whatever was in between, and the high lane
 * fits 16 bits: the generator proved that. So no part of the low lane is in the high one, and both are taken apart and
 * added to sums of 32 bits.
 */

/** Codes that are taken at once. */
#define PQS_PACKED_CODES 4

/** What the low lane starts at. */
#define PQS_PACKED_START 0x8000u

/** What the sums of pixels in low and in high lanes start at. */
typedef struct {
    uint32_t low;
    uint32_t high;
} pqs_packed_starts;

/** The bias, less what the lanes of all segments start at. */
PQS_INLINE pqs_packed_starts pqs_packed_start(int32_t bias, int32_t segments)
{
    pqs_packed_starts starts;
    starts.high = (uint32_t)bias;
    starts.low = (uint32_t)bias - (uint32_t)segments * PQS_PACKED_START;
    return starts;
}

/** Adds an accumulator to the sums of its two lanes. Sums may wrap as long as a channel is not finished. */
PQS_INLINE void pqs_packed_add_lanes(int32_t *sums, uint32_t lanes)
{
    sums[0] = (int32_t)((uint32_t)sums[0] + (lanes & 0xFFFFu));
    sums[1] = (int32_t)((uint32_t)sums[1] + (uint32_t)((int32_t)lanes >> 16));
}

#if defined(PQS_THUMB2_LOOPS)

/*
 * In assembly, since the compiler neither inserts a position into an address by one instruction nor keeps eight
 * accumulators in the registers there are. They are named, since there is one way only to assign them.
 */

#define PQS_PACKED_TWO(first, second)                                                                                  \
    "mla %[" #first "], %[x0], %[c], %[" #first "]\n\t"                                                                \
    "mla %[" #second "], %[x1], %[c], %[" #second "]\n\t"

/** Takes a code apart: its position goes into the row's address, its weight remains. */
#define PQS_PACKED_DECODE                                                                                              \
    "ldrsb %[c], [%[codes]], #1\n\t"                                                                                   \
    "bfi %[row], %[c], #5, #2\n\t"                                                                                     \
    "asr %[c], %[c], #2\n\t"

/** A code whose group is `offset` bytes from the address. */
#define PQS_PACKED_CODE(offset)                                                                                        \
    PQS_PACKED_DECODE                                                                                                  \
    "ldrd %[x0], %[x1], [%[row], #" #offset "]\n\t" PQS_PACKED_TWO(a0, a1)                                             \
    "ldrd %[x0], %[x1], [%[row], #" #offset "+8]\n\t" PQS_PACKED_TWO(a2, a3)                                           \
    "ldrd %[x0], %[x1], [%[row], #" #offset "+16]\n\t" PQS_PACKED_TWO(a4, a5)                                          \
    "ldrd %[x0], %[x1], [%[row], #" #offset "+24]\n\t" PQS_PACKED_TWO(a6, a7)

/** A code whose group is at the address, which then moves on. */
#define PQS_PACKED_LAST_CODE(step)                                                                                     \
    PQS_PACKED_DECODE                                                                                                  \
    "ldrd %[x0], %[x1], [%[row], #8]\n\t" PQS_PACKED_TWO(a2, a3)                                                       \
    "ldrd %[x0], %[x1], [%[row], #16]\n\t" PQS_PACKED_TWO(a4, a5)                                                      \
    "ldrd %[x0], %[x1], [%[row], #24]\n\t" PQS_PACKED_TWO(a6, a7)                                                      \
    "ldrd %[x0], %[x1], [%[row]], #" #step "\n\t" PQS_PACKED_TWO(a0, a1)

#define PQS_PACKED_CODES_2_4                                                                                           \
    PQS_PACKED_CODE(-128) PQS_PACKED_CODE(-128) PQS_PACKED_CODE(0) PQS_PACKED_LAST_CODE(256)

#define PQS_PACKED_CODES_1_4                                                                                           \
    PQS_PACKED_CODE(-384) PQS_PACKED_CODE(-256) PQS_PACKED_CODE(-128) PQS_PACKED_LAST_CODE(512)

/** Sets `sum` to another one and the low half of a register. */
#if defined(PQS_DSP)
#define PQS_PACKED_ADD_LOW(sum, other, a) "uxtah %[" #sum "], %[" #other "], %[" #a "]\n\t"
#else
#define PQS_PACKED_ADD_LOW(sum, other, a)                                                                              \
    "uxth %[c], %[" #a "]\n\t"                                                                                         \
    "add %[" #sum "], %[" #other "], %[c]\n\t"
#endif

#define PQS_PACKED_STORE_LANES(a, offset)                                                                              \
    PQS_PACKED_ADD_LOW(x0, low, a)                                                                                     \
    "add %[x1], %[high], %[" #a "], asr #16\n\t"                                                                       \
    "strd %[x0], %[x1], [%[sums], #" #offset "]\n\t"

#define PQS_PACKED_ADD_LANES(a, offset)                                                                                \
    "ldrd %[x0], %[x1], [%[sums], #" #offset "]\n\t" PQS_PACKED_ADD_LOW(x0, x0, a)                                     \
    "add %[x1], %[x1], %[" #a "], asr #16\n\t"                                                                         \
    "strd %[x0], %[x1], [%[sums], #" #offset "]\n\t"

#define PQS_PACKED_EACH(lanes)                                                                                         \
    lanes(a0, 0) lanes(a1, 8) lanes(a2, 16) lanes(a3, 24) lanes(a4, 32) lanes(a5, 40) lanes(a6, 48) lanes(a7, 56)

#define PQS_PACKED_INPUTS                                                                                              \
    [a0] "r"(a0), [a1] "r"(a1), [a2] "r"(a2), [a3] "r"(a3), [a4] "r"(a4), [a5] "r"(a5), [a6] "r"(a6), [a7] "r"(a7)

#define PQS_PACKED_RUN(body)                                                                                           \
    __asm__ volatile("1:\n\t" body                                                                                     \
                     "ldr %[c], %[end]\n\t"                                                                            \
                     "cmp %[codes], %[c]\n\t"                                                                          \
                     "bne 1b\n\t"                                                                                      \
                     : [codes] "+r"(next), [row] "+r"(group), [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2),             \
                       [a3] "+r"(a3), [a4] "+r"(a4), [a5] "+r"(a5), [a6] "+r"(a6), [a7] "+r"(a7), [x0] "=&r"(x0),      \
                       [x1] "=&r"(x1), [c] "=&r"(c)                                                                    \
                     : [end] "m"(end)                                                                                  \
                     : "cc", "memory")

#elif defined(PQS_THUMB1_LOOPS)

/*
 * In assembly, since the eight registers that most instructions can use are just enough for the four accumulators of
 * half a row: r4 to r7, of which the last may be the frame's and is saved in r12. r2 is a weight, r3 the address of its
 * row, r9 that of its group; lr holds the size of a group.
 */

#define PQS_PACKED_TWO(first, second)                                                                                  \
    "ldm r3!, {r0, r1}\n\t"                                                                                            \
    "muls r0, r2\n\t"                                                                                                  \
    "adds " #first ", r0\n\t"                                                                                          \
    "muls r1, r2\n\t"                                                                                                  \
    "adds " #second ", r1\n\t"

#define PQS_PACKED_CODE(index)                                                                                         \
    "mov r0, r8\n\t"                                                                                                   \
    "ldrb r2, [r0, #" #index "]\n\t"                                                                                   \
    "lsls r3, r2, #30\n\t"                                                                                             \
    "lsrs r3, r3, #25\n\t"                                                                                             \
    "add r3, r9\n\t"                                                                                                   \
    "sxtb r2, r2\n\t"                                                                                                  \
    "asrs r2, r2, #2\n\t" PQS_PACKED_TWO(r4, r5) PQS_PACKED_TWO(r6, r7)

#define PQS_PACKED_NEXT_GROUP "add r9, lr\n\t"

#define PQS_PACKED_CODES_2_4                                                                                           \
    PQS_PACKED_CODE(0)                                                                                                 \
    PQS_PACKED_CODE(1) PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(2) PQS_PACKED_CODE(3) PQS_PACKED_NEXT_GROUP

#define PQS_PACKED_CODES_1_4                                                                                           \
    PQS_PACKED_CODE(0)                                                                                                 \
    PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(1) PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(2)                                  \
        PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(3) PQS_PACKED_NEXT_GROUP

/** Adds an accumulator to the sums at r3. */
#define PQS_PACKED_ADD_LANES(a)                                                                                        \
    "ldr r0, [r3]\n\t"                                                                                                \
    "ldr r1, [r3, #4]\n\t"                                                                                            \
    "uxth r2, " #a "\n\t"                                                                                              \
    "adds r0, r0, r2\n\t"                                                                                             \
    "asrs " #a ", " #a ", #16\n\t"                                                                                     \
    "adds r1, r1, " #a "\n\t"                                                                                          \
    "stm r3!, {r0, r1}\n\t"

#define PQS_PACKED_RUN(body)                                                                                           \
    __asm__ volatile(".syntax unified\n\t"                                                                             \
                     "mov r12, r7\n\t"                                                                                 \
                     "movs r4, #0x80\n\t"                                                                              \
                     "mov lr, r4\n\t"                                                                                  \
                     "lsls r4, r4, #8\n\t"                                                                             \
                     "movs r5, r4\n\t"                                                                                 \
                     "movs r6, r4\n\t"                                                                                 \
                     "movs r7, r4\n"                                                                                   \
                     "1:\n\t" body "movs r0, #4\n\t"                                                                   \
                     "add r8, r0\n\t"                                                                                  \
                     "cmp r8, r10\n\t"                                                                                 \
                     "bne 1b\n\t"                                                                                      \
                     "mov r3, r11\n\t" PQS_PACKED_ADD_LANES(r4) PQS_PACKED_ADD_LANES(r5) PQS_PACKED_ADD_LANES(r6)      \
                         PQS_PACKED_ADD_LANES(r7) "mov r7, r12"                                                        \
                     : "+h"(next), "+h"(group)                                                                         \
                     : "h"(last), "h"(target)                                                                          \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r12", "lr", "cc", "memory")

#endif

/**
 * Adds the products of a segment to a channel's sums.
 *
 * @param codes ends at `end`, a multiple of four codes later.
 * @param row the first row of its first group.
 * @param sums of pairs of pixels.
 * @param starts if not NULL, the sums are set to these first.
 * @param kept codes of a group: 1 or 2.
 */
PQS_INLINE void pqs_packed_segment(const int8_t *codes,
                                   const int8_t *end,
                                   const uint32_t *row,
                                   int32_t *sums,
                                   const pqs_packed_starts *starts,
                                   int kept)
{
#if defined(PQS_THUMB2_LOOPS)
    register const int8_t *next __asm__("r0") = codes;
    register uintptr_t group __asm__("r1") = (uintptr_t)row;
    register uint32_t x0 __asm__("r2");
    register uint32_t x1 __asm__("r3");
    register uint32_t a0 __asm__("r4") = PQS_PACKED_START;
    register uint32_t a1 __asm__("r5") = PQS_PACKED_START;
    register uint32_t a2 __asm__("r6") = PQS_PACKED_START;
    register uint32_t a3 __asm__("r8") = PQS_PACKED_START;
    register uint32_t a4 __asm__("r9") = PQS_PACKED_START;
    register uint32_t a5 __asm__("r10") = PQS_PACKED_START;
    register uint32_t a6 __asm__("r11") = PQS_PACKED_START;
    register uint32_t a7 __asm__("r12") = PQS_PACKED_START;
    register uint32_t c __asm__("lr");
    if (kept == 2) {
        group += PQS_PACKED_GROUP;
        PQS_PACKED_RUN(PQS_PACKED_CODES_2_4);
    } else {
        group += 3 * PQS_PACKED_GROUP;
        PQS_PACKED_RUN(PQS_PACKED_CODES_1_4);
    }
    if (starts != NULL) {
        __asm__ volatile(PQS_PACKED_EACH(PQS_PACKED_STORE_LANES)
                         : [x0] "=&r"(x0), [x1] "=&r"(x1), [c] "=&r"(c)
                         : [sums] "r"(sums), [low] "r"(starts->low), [high] "r"(starts->high), PQS_PACKED_INPUTS
                         : "memory");
    } else {
        __asm__ volatile(PQS_PACKED_EACH(PQS_PACKED_ADD_LANES)
                         : [x0] "=&r"(x0), [x1] "=&r"(x1), [c] "=&r"(c)
                         : [sums] "r"(sums), PQS_PACKED_INPUTS
                         : "memory");
    }
#elif defined(PQS_THUMB1_LOOPS)
    for (int32_t half = 0; half < PQS_PACKED_WORDS; half += PQS_PACKED_WORDS / 2) {
        register const int8_t *last __asm__("r10") = end;
        register const int8_t *next __asm__("r8") = codes;
        register uintptr_t group __asm__("r9") = (uintptr_t)(row + half);
        register int32_t *target __asm__("r11") = sums + 2 * half;
        if (starts != NULL) {
            for (int32_t word = 0; word < PQS_PACKED_WORDS; word += 2) {
                target[word] = (int32_t)starts->low;
                target[word + 1] = (int32_t)starts->high;
            }
        }
        if (kept == 2) {
            PQS_PACKED_RUN(PQS_PACKED_CODES_2_4);
        } else {
            PQS_PACKED_RUN(PQS_PACKED_CODES_1_4);
        }
    }
#else
    uint32_t lanes[PQS_PACKED_WORDS];
    for (int32_t word = 0; word < PQS_PACKED_WORDS; word++) {
        lanes[word] = PQS_PACKED_START;
        if (starts != NULL) {
            sums[2 * word] = (int32_t)starts->low;
            sums[2 * word + 1] = (int32_t)starts->high;
        }
    }
    while (codes != end) {
        for (int32_t index = 0; index < kept; index++) {
            const uint32_t *words = row + (*codes & 3) * PQS_PACKED_WORDS;
            const uint32_t weight = (uint32_t)(*codes >> 2);
            for (int32_t word = 0; word < PQS_PACKED_WORDS; word++) {
                lanes[word] += words[word] * weight;
            }
            codes++;
        }
        row += 4 * PQS_PACKED_WORDS;
    }
    for (int32_t word = 0; word < PQS_PACKED_WORDS; word++) {
        pqs_packed_add_lanes(sums + 2 * word, lanes[word]);
    }
#endif
}

/** What the channels of a block share. */
typedef struct {
    const uint32_t *rows;
    const uint8_t *segments; /* of the next channel; NULL: one segment each */
    int32_t *sums;
    int32_t position_bits;
    int32_t group_codes;
} pqs_packed_state;

/** Adds the products of a segment of groups of any kind to a channel's sums, half a row at a time. */
PQS_INLINE void pqs_packed_any_segment(
    const int8_t *codes, const int8_t *end, const uint32_t *row, const pqs_packed_starts *starts, pqs_packed_state *state)
{
    const int32_t mask = pqs_shift_left(1, state->position_bits) - 1;
    for (int32_t half = 0; half < PQS_PACKED_WORDS; half += PQS_PACKED_WORDS / 2) {
        int32_t *sums = state->sums + 2 * half;
        const uint32_t *group = row + half;
        uint32_t lanes[PQS_PACKED_WORDS / 2] = {
            PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START};
        for (const int8_t *next = codes; next != end;) {
            for (int32_t left = state->group_codes; left > 0; left--) {
                const int32_t code = *next++;
                const uint32_t *words = group + (code & mask) * PQS_PACKED_WORDS;
                const uint32_t weight = (uint32_t)(code >> state->position_bits);
                lanes[0] += words[0] * weight;
                lanes[1] += words[1] * weight;
                lanes[2] += words[2] * weight;
                lanes[3] += words[3] * weight;
            }
            group += (mask + 1) * PQS_PACKED_WORDS;
        }
        for (int32_t word = 0; word < PQS_PACKED_WORDS / 2; word++) {
            if (starts != NULL) {
                sums[2 * word] = (int32_t)starts->low;
                sums[2 * word + 1] = (int32_t)starts->high;
            }
            pqs_packed_add_lanes(sums + 2 * word, lanes[word]);
        }
    }
}

/**
 * Sums up a channel.
 *
 * @param kept codes of a group of four inputs, in which case segments are counted in four codes; or 0 for groups of any
 *        kind, in which segments are counted.
 */
PQS_INLINE void
pqs_packed_channel(const int8_t *codes, const int8_t *end, int32_t bias, pqs_packed_state *state, int kept)
{
    const int32_t step_codes = kept != 0 ? PQS_PACKED_CODES : state->group_codes;
    const int32_t step_rows = kept != 0 ? 4 * PQS_PACKED_CODES / kept : pqs_shift_left(1, state->position_bits);
    const uint8_t *segments = state->segments;
    const uint32_t *row = state->rows;
    int32_t left = 1;
    if (segments != NULL) {
        left = *segments++;
        state->segments = segments + left - 1;
    }
    const pqs_packed_starts all = pqs_packed_start(bias, left);
    const pqs_packed_starts *starts = &all;
    for (; left > 0; left--) {
        const int32_t steps = left > 1 ? *segments++ : 0;
        const int8_t *segment_end = left > 1 ? codes + step_codes * steps : end;
        if (kept != 0) {
            pqs_packed_segment(codes, segment_end, row, state->sums, starts, kept);
        } else {
            pqs_packed_any_segment(codes, segment_end, row, starts, state);
        }
        row += steps * step_rows * PQS_PACKED_WORDS;
        codes = segment_end;
        starts = NULL;
    }
}

PQS_NOINLINE void
pqs_packed_channel_2_4(const int8_t *codes, const int8_t *end, int32_t bias, pqs_packed_state *state)
{
    pqs_packed_channel(codes, end, bias, state, 2);
}

PQS_NOINLINE void
pqs_packed_channel_1_4(const int8_t *codes, const int8_t *end, int32_t bias, pqs_packed_state *state)
{
    pqs_packed_channel(codes, end, bias, state, 1);
}

PQS_NOINLINE void
pqs_packed_channel_any(const int8_t *codes, const int8_t *end, int32_t bias, pqs_packed_state *state)
{
    pqs_packed_channel(codes, end, bias, state, 0);
}

PQS_INLINE void pqs_conv2d_packed(
    const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    const pqs_packed_room room = pqs_packed_begin(params, scratch);
    pqs_packed_state state;
    state.rows = room.rows;
    state.sums = room.sums;
    state.position_bits = params->position_bits;
    state.group_codes = params->group_codes;
    int32_t left = params->batches * params->output_height * params->output_width;
    while (left > 0) {
        const int32_t count = pqs_min(left, PQS_PACKED_PIXELS);
        const int8_t *codes = params->weights;
        state.segments = params->segments;
        pqs_packed_gather_16(params, input, &room, count);
        for (int32_t channel = 0; channel < params->output_channels; channel++) {
            const int8_t *end = codes + params->channel_codes;
            if (params->position_bits == 2 && params->group_codes == 2) {
                pqs_packed_channel_2_4(codes, end, params->bias[channel], &state);
            } else if (params->position_bits == 2 && params->group_codes == 1) {
                pqs_packed_channel_1_4(codes, end, params->bias[channel], &state);
            } else {
                pqs_packed_channel_any(codes, end, params->bias[channel], &state);
            }
            codes = end;
            if (rounding == PQS_ROUNDING_DOUBLE) {
                pqs_packed_write_double(params, channel, room.sums, count, output + channel);
            } else {
                pqs_packed_write_single(params, channel, room.sums, count, output + channel);
            }
        }
        pqs_clamp_elements(output, count * params->output_channels, params->activation_min, params->activation_max);
        output += count * params->output_channels;
        left -= count;
    }
}

void pqs_conv2d_packed_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_packed_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_SINGLE);
}

#endif /* !PQS_MVE */
