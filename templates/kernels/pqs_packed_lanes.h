/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_lanes.h
 * @brief Convolutions of pruned weights in lanes of 16 bits, whose positions are in groups or gaps.
 */
#ifndef PQS_PACKED_LANES_H
#define PQS_PACKED_LANES_H

#include "pqs_packed_outputs.h"
#include "pqs_saturate.h"

/*
 * Lanes of 16 bits: a word of a row times a weight, added to an accumulator of 32 bits, adds to the sums of two pixels at
 * once.
 *
 * The low lane starts at 2^15. At the end of each segment it is in 0..2^16-1, whatever was in between, and the high lane
 * fits 16 bits: the generator proved that. So no part of the low lane is in the high one, which is added to a sum of 32
 * bits. What all low lanes are together is the sum of the accumulators less 2^16 times that of the high lanes. Sums may
 * wrap as long as a channel is not finished.
 */

/** What the low lane starts at. */
#define PQS_PACKED_START 0x8000u

/** True where groups are of four inputs with one or two codes: segments are counted in four codes then. */
PQS_INLINE int pqs_packed_is_quick(const pqs_packed_conv2d_params *params)
{
    return params->position_bits == 2 && params->group_codes <= 2;
}

/** A bound of a channel's sums, where outputs depend on it. */
PQS_INLINE uint32_t pqs_packed_bound(const uint8_t *segments, int32_t bias)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const uint32_t magnitude = bias < 0 ? 0u - (uint32_t)bias : (uint32_t)bias;
    return magnitude + PQS_PACKED_START * (segments != NULL ? *segments : 1u);
#else
    (void)segments;
    (void)bias;
    return PQS_PACKED_UNBOUNDED;
#endif
}

/**
 * Adds the products of a segment of a half of the words to a channel's sums.
 *
 * @param row of the input that follows those of the segments before.
 * @return likewise behind this segment.
 */
PQS_INLINE const uint32_t *pqs_packed_add_segment(const pqs_packed_conv2d_params *params,
                                                  const int8_t *codes,
                                                  const int8_t *end,
                                                  const uint32_t *row,
                                                  int32_t *sums,
                                                  int positions)
{
    const int32_t mask = pqs_shift_left(1, params->position_bits) - 1;
    const int32_t group_codes = positions == PQS_PACKED_BY_GAPS ? 1 : params->group_codes;
    uint32_t lanes[PQS_PACKED_WORDS / 2] = {PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START};
    while (codes != end) {
        for (int32_t left = group_codes; left > 0; left--) {
            const int32_t code = *codes++;
            const uint32_t *words = row + (code & mask) * PQS_PACKED_WORDS;
            const uint32_t weight = (uint32_t)(code >> params->position_bits);
            lanes[0] += words[0] * weight;
            lanes[1] += words[1] * weight;
            lanes[2] += words[2] * weight;
            lanes[3] += words[3] * weight;
            if (positions == PQS_PACKED_BY_GAPS) {
                row = words + PQS_PACKED_WORDS;
            }
        }
        if (positions == PQS_PACKED_BY_GROUPS) {
            row += (mask + 1) * PQS_PACKED_WORDS;
        }
    }
    for (int32_t word = 0; word < PQS_PACKED_WORDS / 2; word++) {
        sums[0] = (int32_t)((uint32_t)sums[0] + lanes[word]);
        sums[1] = (int32_t)((uint32_t)sums[1] + (uint32_t)((int32_t)lanes[word] >> 16));
        sums += 2;
    }
    return row;
}

/** Sums up a channel. */
PQS_INLINE void pqs_packed_sum(const pqs_packed_conv2d_params *params,
                               const int8_t *codes,
                               const uint8_t *segments,
                               int32_t bias,
                               const pqs_packed_room *room,
                               int positions)
{
    const int32_t step = positions == PQS_PACKED_BY_GAPS || pqs_packed_is_quick(params) ? 4 : params->group_codes;
    const int8_t *const last_end = codes + params->channel_codes;
    const uint32_t *row = room->rows;
    int32_t *const sums = room->sums;
    int32_t left = segments != NULL ? *segments++ : 1;
    for (int32_t word = 0; word < PQS_PACKED_WORDS; word++) {
        sums[2 * word] = (int32_t)((uint32_t)bias + ((uint32_t)bias << 16) - (uint32_t)left * PQS_PACKED_START);
        sums[2 * word + 1] = bias;
    }
    for (; left > 0; left--) {
        const int8_t *const end = left > 1 ? codes + step * *segments++ : last_end;
        const uint32_t *upper = row + PQS_PACKED_WORDS / 2;
        row = pqs_packed_add_segment(params, codes, end, row, sums, positions);
        (void)pqs_packed_add_segment(params, codes, end, upper, sums + PQS_PACKED_WORDS, positions);
        codes = end;
    }
    for (int32_t word = 0; word < PQS_PACKED_WORDS; word++) {
        sums[2 * word] = (int32_t)((uint32_t)sums[2 * word] - ((uint32_t)sums[2 * word + 1] << 16));
    }
}

/** A function that does that for one of both. */
typedef void pqs_packed_summing(const pqs_packed_conv2d_params *params,
                                const int8_t *codes,
                                const uint8_t *segments,
                                int32_t bias,
                                const pqs_packed_room *room);

/** Computes a layer of any codes. */
PQS_INLINE void pqs_packed_run_any(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch,
                                   int rounding,
                                   pqs_packed_summing *sum)
{
    const pqs_packed_room room = pqs_packed_begin(params, scratch);
    const int32_t channels = params->output_channels;
    pqs_packed_blocks blocks = pqs_packed_first_block(params, PQS_PACKED_PIXELS);
    for (; blocks.count > 0; pqs_packed_next_block(&blocks)) {
        int8_t *const target = output + blocks.first * channels;
        const int8_t *codes = params->weights;
        const uint8_t *segments = params->segments;
        pqs_packed_gather_16(params, input, &room, &blocks);
        for (int32_t channel = 0; channel < channels; channel++) {
            const int32_t bias = params->bias[channel];
            const uint32_t bound = pqs_packed_bound(segments, bias);
            sum(params, codes, segments, bias, &room);
            pqs_packed_write_channel(params, channel, room.sums, bound, &blocks, target + channel, rounding);
            codes += params->channel_codes;
            if (segments != NULL) {
                segments += *segments;
            }
        }
        pqs_clamp_elements(target, blocks.count * channels, params->activation_min, params->activation_max);
    }
}

/** Runs `run`, a macro, with the loop in assembly for the codes of a layer. */
#define PQS_PACKED_RUN_CODES(run)                                                                                      \
    do {                                                                                                               \
        if (positions == PQS_PACKED_BY_GAPS) {                                                                         \
            if (params->position_bits == 2) {                                                                          \
                run(PQS_PACKED_GAPS_2);                                                                                \
            } else {                                                                                                   \
                run(PQS_PACKED_GAPS_3);                                                                                \
            }                                                                                                          \
        } else if (params->group_codes == 2) {                                                                         \
            run(PQS_PACKED_CODES_2_4);                                                                                 \
        } else {                                                                                                       \
            run(PQS_PACKED_CODES_1_4);                                                                                 \
        }                                                                                                              \
    } while (0)

#if defined(PQS_THUMB2_LOOPS)

/*
 * In assembly, since the compiler neither inserts a position into an address by one instruction nor keeps eight
 * accumulators in the registers there are. Where a loop runs, r0 is the next code, r1 the row, r2 to r4 are words, r12 is
 * a code; r5 to r11 and lr are accumulators.
 */

/** What a block's channels are gone through with; up to `left` in the order of the registers that hold it. */
typedef struct {
    const int32_t *bias; /* of the next channel; likewise up to `segments`, whose lengths of this channel come first */
    const int32_t *multipliers;
    const int8_t *shifts;
    const uint8_t *segments; /* NULL: one segment each */
    uintptr_t output;        /* of this channel */
    const int8_t *end;       /* of the segment */
    const int8_t *last_end;  /* of the channel */
    int32_t addend;
    int32_t high; /* the bias of this channel */
    int32_t multiplier;
    int32_t after;
    int32_t left; /* segments: 0 if there is but one; minus those to come in the first; then this one and those */
    int32_t channel_codes; /* right before doubled_offset */
    int32_t doubled_offset;
    const int8_t *block_end; /* of the last channel; NULL where no outputs are written, but the sums of a channel */
    const uint32_t *rows;
    int32_t *sums;
    const uint32_t *fresh;
    int32_t step;
    uint32_t spare[4];
} pqs_packed_walk;

/** What all accumulators start at. */
static const uint32_t pqs_packed_fresh[PQS_PACKED_WORDS] = {
    PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START,
    PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START, PQS_PACKED_START};

/** Begins a channel. The addend of outputs is half of doubled_offset, shifted by as much as the product is. */
#define PQS_PACKED_BEGIN                                                                                               \
    "ldr r12, %[address]\n\t"                                                                                          \
    "ldm r12, {r1, r2, r3, r4, r5}\n\t"                                                                                \
    "ldrd r7, r8, %[channel_codes]\n\t"                                                                                \
    "ldr r9, [r1], #4\n\t"                                                                                             \
    "ldr r10, [r2], #4\n\t"                                                                                            \
    "ldrsb r11, [r3], #1\n\t"                                                                                          \
    "add r5, r5, #1\n\t"                                                                                               \
    "add r7, r0, r7\n\t"                                                                                               \
    "mov r6, r7\n\t"                                                                                                   \
    "mvn r11, r11\n\t"                                                                                                 \
    "lsl r8, r8, r11\n\t"                                                                                              \
    "asr r8, r8, #1\n\t"                                                                                               \
    "mov lr, #0\n\t"                                                                                                   \
    "cbz r4, 1f\n\t"                                                                                                   \
    "ldrb lr, [r4], #1\n\t"                                                                                            \
    "rsbs lr, lr, #1\n\t"                                                                                              \
    "beq 1f\n\t"                                                                                                       \
    "ldrb r6, [r4], #1\n\t"                                                                                            \
    "add r6, r0, r6, lsl #2\n"                                                                                         \
    "1:\n\t"                                                                                                           \
    "stm r12, {r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, lr}\n\t"                                                  \
    "ldr r1, %[rows]\n\t"

#define PQS_PACKED_FRESH                                                                                               \
    "ldr r2, %[fresh]\n\t"                                                                                             \
    "ldm r2, {r5, r6, r7, r8, r9, r10, r11, lr}\n"

/** Adds a code's weight times the row at r1 to the accumulators. The address moves on by `step` bytes. */
#define PQS_PACKED_PRODUCTS(step)                                                                                      \
    "ldm r1!, {r2, r3, r4}\n\t"                                                                                        \
    "mla r5, r2, r12, r5\n\t"                                                                                          \
    "mla r6, r3, r12, r6\n\t"                                                                                          \
    "mla r7, r4, r12, r7\n\t"                                                                                          \
    "ldm r1!, {r2, r3, r4}\n\t"                                                                                        \
    "mla r8, r2, r12, r8\n\t"                                                                                          \
    "mla r9, r3, r12, r9\n\t"                                                                                          \
    "mla r10, r4, r12, r10\n\t"                                                                                        \
    "ldrd r2, r3, [r1], #" #step "-24\n\t"                                                                             \
    "mla r11, r2, r12, r11\n\t"                                                                                        \
    "mla lr, r3, r12, lr\n\t"

/** Multiplies by a code of a group of four, of which there is another or none. */
#define PQS_PACKED_CODE(step)                                                                                          \
    "ldrsb r12, [r0], #1\n\t"                                                                                          \
    "bfi r1, r12, #5, #2\n\t"                                                                                          \
    "asr r12, r12, #2\n\t" PQS_PACKED_PRODUCTS(step)

/** Multiplies by a code with the zeros before it. */
#define PQS_PACKED_GAP_CODE(bits)                                                                                      \
    "ldrsb r12, [r0], #1\n\t"                                                                                          \
    "ubfx r2, r12, #0, #" #bits "\n\t"                                                                                 \
    "add r1, r1, r2, lsl #5\n\t"                                                                                       \
    "asr r12, r12, #" #bits "\n\t" PQS_PACKED_PRODUCTS(32)

#define PQS_PACKED_CODES_2_4 PQS_PACKED_CODE(0) PQS_PACKED_CODE(128) PQS_PACKED_CODE(0) PQS_PACKED_CODE(128)

#define PQS_PACKED_CODES_1_4 PQS_PACKED_CODE(128) PQS_PACKED_CODE(128) PQS_PACKED_CODE(128) PQS_PACKED_CODE(128)

#define PQS_PACKED_GAPS(bits)                                                                                          \
    PQS_PACKED_GAP_CODE(bits) PQS_PACKED_GAP_CODE(bits) PQS_PACKED_GAP_CODE(bits) PQS_PACKED_GAP_CODE(bits)

#define PQS_PACKED_GAPS_2 PQS_PACKED_GAPS(2)

#define PQS_PACKED_GAPS_3 PQS_PACKED_GAPS(3)

/** Sets the sums of an accumulator at r0, by what all sums start at in r4 and r12. */
#define PQS_PACKED_SET(a)                                                                                              \
    "add r2, r4, " #a "\n\t"                                                                                           \
    "add r3, r12, " #a ", asr #16\n\t"                                                                                 \
    "strd r2, r3, [r0], #8\n\t"

/** Adds two accumulators to their sums, at r0. */
#define PQS_PACKED_ADD(first, second)                                                                                  \
    "ldm r0, {r2, r3, r4, r12}\n\t"                                                                                    \
    "add r2, r2, " #first "\n\t"                                                                                       \
    "add r3, r3, " #first ", asr #16\n\t"                                                                              \
    "add r4, r4, " #second "\n\t"                                                                                      \
    "add r12, r12, " #second ", asr #16\n\t"                                                                           \
    "stm r0!, {r2, r3, r4, r12}\n\t"

/** Sets r2 and r3 to the sums of an accumulator that all of a channel is in, what they start at being in r10 and r9. */
#if defined(PQS_DSP)
#define PQS_PACKED_SINGLE(a)                                                                                           \
    "add r3, r9, " #a ", asr #16\n\t"                                                                                  \
    "uxtah r2, r10, " #a "\n\t"
#else
#define PQS_PACKED_SINGLE(a)                                                                                           \
    "add r3, r9, " #a ", asr #16\n\t"                                                                                  \
    "uxth r2, " #a "\n\t"                                                                                              \
    "add r2, r2, r10\n\t"
#endif

/** Sets r2 and r3 to the sums of an accumulator and of segments before, whose sums are at r9. */
#define PQS_PACKED_LAST(a)                                                                                             \
    "ldrd r2, r3, [r9], #8\n\t"                                                                                        \
    "add r3, r3, " #a ", asr #16\n\t"                                                                                  \
    "add r2, r2, " #a "\n\t"                                                                                           \
    "sub r2, r2, r3, lsl #16\n\t"

/** Sets r4 to the output of a sum. */
#if defined(PQS_DSP)
#define PQS_PACKED_OUTPUT(sum)                                                                                         \
    "smmla r4, " #sum ", r0, r12\n\t"                                                                                  \
    "asr r4, r4, r1\n\t"                                                                                               \
    "ssat r4, #8, r4\n\t"
#else
#define PQS_PACKED_OUTPUT(sum)                                                                                         \
    "smull " #sum ", r4, " #sum ", r0\n\t"                                                                             \
    "add r4, r4, r12\n\t"                                                                                              \
    "asr r4, r4, r1\n\t"                                                                                               \
    "ssat r4, #8, r4\n\t"
#endif

/** Writes the two outputs of an accumulator at r11; lr is the distance between pixels. */
#define PQS_PACKED_WRITE(sums, a)                                                                                      \
    sums(a) PQS_PACKED_OUTPUT(r2) "strb r4, [r11]\n\t" PQS_PACKED_OUTPUT(r3) "strb r4, [r11, lr, lsl #3]\n\t"          \
                                                                             "add r11, r11, lr\n\t"

/** The same of four accumulators. */
#define PQS_PACKED_WRITE_FOUR(sums)                                                                                    \
    PQS_PACKED_WRITE(sums, r5) PQS_PACKED_WRITE(sums, r6) PQS_PACKED_WRITE(sums, r7) PQS_PACKED_WRITE(sums, r8)

/** Of all accumulators, of which half make room for other numbers meanwhile. */
#define PQS_PACKED_WRITE_ALL(sums, starts)                                                                             \
    "strd r9, r10, %[spare]\n\t"                                                                                       \
    "strd r11, lr, %[last_spare]\n\t"                                                                                  \
    "ldrd r0, r1, %[multiplier]\n\t"                                                                                   \
    "ldr r12, %[addend]\n\t" starts                                                                                    \
    "ldr r11, %[output]\n\t"                                                                                           \
    "ldr lr, %[step]\n\t" PQS_PACKED_WRITE_FOUR(sums)                                                                  \
    "ldrd r5, r6, %[spare]\n\t"                                                                                        \
    "ldrd r7, r8, %[last_spare]\n\t" PQS_PACKED_WRITE_FOUR(sums)

/** Sets the sums of four accumulators at r4. */
#define PQS_PACKED_STORE(sums, a)                                                                                      \
    sums(a) "strd r2, r3, [r4], #8\n\t"

#define PQS_PACKED_STORE_FOUR(sums)                                                                                    \
    PQS_PACKED_STORE(sums, r5) PQS_PACKED_STORE(sums, r6) PQS_PACKED_STORE(sums, r7) PQS_PACKED_STORE(sums, r8)

#define PQS_PACKED_STORE_ALL(sums, starts)                                                                             \
    "ldr r4, %[sums]\n\t"                                                                                              \
    "strd r9, r10, %[spare]\n\t" starts PQS_PACKED_STORE_FOUR(sums)                                                    \
    "ldrd r7, r8, %[spare]\n\t" PQS_PACKED_STORE(sums, r7) PQS_PACKED_STORE(sums, r8) PQS_PACKED_STORE(sums, r11)      \
        PQS_PACKED_STORE(sums, lr)

/** Loads what sums start at. */
#define PQS_PACKED_SINGLE_STARTS                                                                                       \
    "ldr r9, %[high]\n\t"                                                                                              \
    "sub r10, r9, #0x8000\n\t"

#define PQS_PACKED_LAST_STARTS "ldr r9, %[sums]\n\t"

/** Writes outputs and goes on to the next channel, where outputs are written. */
#define PQS_PACKED_WRITES(sums, starts)                                                                                \
    "ldr r2, %[block_end]\n\t"                                                                                         \
    "cmp r2, #0\n\t"                                                                                                   \
    "beq 8f\n\t" PQS_PACKED_WRITE_ALL(sums, starts) "ldr r0, %[last_end]\n\t"                                          \
    "ldr r2, %[block_end]\n\t"                                                                                         \
    "cmp r0, r2\n\t"                                                                                                   \
    "bne 0b\n\t"                                                                                                       \
    "b 9f\n"                                                                                                           \
    "8:\n\t"

#define PQS_PACKED_NO_WRITES(sums, starts)

/** Sums up channels and writes their outputs, or one channel where outputs are not written. */
#define PQS_PACKED_RUN(codes, write)                                                                                   \
    __asm__ volatile(                                                                                                  \
        "0:\n\t" PQS_PACKED_BEGIN PQS_PACKED_FRESH                                                                     \
        "2:\n\t" codes                                                                                                 \
        "ldr r12, %[end]\n\t"                                                                                          \
        "cmp r0, r12\n\t"                                                                                              \
        "bne 2b\n\t"                                                                                                   \
        "ldr r2, %[left]\n\t"                                                                                          \
        "cmp r2, #0\n\t"                                                                                               \
        "beq 6f\n\t"                                                                                                   \
        "ldr r0, %[sums]\n\t"                                                                                          \
        "bgt 3f\n\t"                                                                                                   \
        "ldr r12, %[high]\n\t"                                                                                         \
        "add r4, r12, r12, lsl #16\n\t"                                                                                \
        "sub r4, r4, #0x8000\n\t"                                                                                      \
        "add r4, r4, r2, lsl #15\n\t"                                                                                  \
        "rsb r2, r2, #0\n\t"                                                                                           \
        "str r2, %[left]\n\t" PQS_PACKED_SET(r5) PQS_PACKED_SET(r6) PQS_PACKED_SET(r7) PQS_PACKED_SET(r8)              \
            PQS_PACKED_SET(r9) PQS_PACKED_SET(r10) PQS_PACKED_SET(r11) PQS_PACKED_SET(lr)                              \
        "b 4f\n"                                                                                                       \
        "3:\n\t"                                                                                                       \
        "subs r2, r2, #1\n\t"                                                                                          \
        "beq 7f\n\t"                                                                                                   \
        "str r2, %[left]\n\t" PQS_PACKED_ADD(r5, r6) PQS_PACKED_ADD(r7, r8) PQS_PACKED_ADD(r9, r10)                    \
            PQS_PACKED_ADD(r11, lr)                                                                                    \
        "4:\n\t"                                                                                                       \
        "ldr r0, %[end]\n\t"                                                                                           \
        "ldr r12, %[last_end]\n\t"                                                                                     \
        "ldr r2, %[left]\n\t"                                                                                          \
        "cmp r2, #1\n\t"                                                                                               \
        "beq 5f\n\t"                                                                                                   \
        "ldr r3, %[segments]\n\t"                                                                                      \
        "ldrb r12, [r3], #1\n\t"                                                                                       \
        "str r3, %[segments]\n\t"                                                                                      \
        "add r12, r0, r12, lsl #2\n"                                                                                   \
        "5:\n\t"                                                                                                       \
        "str r12, %[end]\n\t" PQS_PACKED_FRESH                                                                         \
        "b 2b\n"                                                                                                       \
        "6:\n\t" write(PQS_PACKED_SINGLE, PQS_PACKED_SINGLE_STARTS)                                                    \
            PQS_PACKED_STORE_ALL(PQS_PACKED_SINGLE, PQS_PACKED_SINGLE_STARTS) "b 9f\n"                                 \
        "7:\n\t" write(PQS_PACKED_LAST, PQS_PACKED_LAST_STARTS)                                                        \
            PQS_PACKED_STORE_ALL(PQS_PACKED_LAST, PQS_PACKED_LAST_STARTS) "9:"                                         \
        : "+r"(next), [end] "+m"(walk.end), [left] "+m"(walk.left), [segments] "+m"(walk.segments)                     \
        : [address] "m"(address), [channel_codes] "m"(walk.channel_codes), [rows] "m"(walk.rows),                      \
          [fresh] "m"(walk.fresh), [sums] "m"(walk.sums), [high] "m"(walk.high), [last_end] "m"(walk.last_end),        \
          [block_end] "m"(walk.block_end), [spare] "m"(walk.spare[0]), [last_spare] "m"(walk.spare[2]),                \
          [multiplier] "m"(walk.multiplier), [addend] "m"(walk.addend), [output] "m"(walk.output),                     \
          [step] "m"(walk.step)                                                                                        \
        : "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory")

/** The same with outputs of accumulators, and without. */
#define PQS_PACKED_RUN_WRITING(codes) PQS_PACKED_RUN(codes, PQS_PACKED_WRITES)

#define PQS_PACKED_RUN_STORING(codes) PQS_PACKED_RUN(codes, PQS_PACKED_NO_WRITES)

/** True where accumulators can be written as outputs: with single rounding, and shifts that have room for the zero point. */
PQS_INLINE int pqs_packed_writes(const pqs_packed_conv2d_params *params, int rounding)
{
    if (rounding != PQS_ROUNDING_SINGLE) {
        return 0;
    }
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        if (!pqs_shifts_moderately(params->shifts[channel], rounding)) {
            return 0;
        }
    }
    return 1;
}

/**
 * Computes a layer of groups of four inputs with one or two codes, or of gaps.
 *
 * @param sum what sums up a channel where there are no loops in assembly.
 */
PQS_INLINE void pqs_packed_run(const pqs_packed_conv2d_params *params,
                               const int8_t *input,
                               int8_t *output,
                               void *scratch,
                               int rounding,
                               int positions,
                               pqs_packed_summing *sum)
{
    (void)sum;
    const pqs_packed_room room = pqs_packed_begin(params, scratch);
    pqs_packed_walk walk;
    const pqs_packed_walk *const address = &walk;
    const int writes = pqs_packed_writes(params, rounding);
    const int32_t channels = params->output_channels;
    walk.channel_codes = params->channel_codes;
    walk.doubled_offset = 2 * params->output_zero_point + 1;
    walk.rows = room.rows;
    walk.sums = room.sums;
    walk.fresh = pqs_packed_fresh;
    pqs_packed_blocks blocks = pqs_packed_first_block(params, PQS_PACKED_PIXELS);
    for (; blocks.count > 0; pqs_packed_next_block(&blocks)) {
        int8_t *const target = output + blocks.first * channels;
        const int at_once = writes && blocks.count == PQS_PACKED_PIXELS;
        walk.bias = params->bias;
        walk.multipliers = params->multipliers;
        walk.shifts = params->shifts;
        walk.segments = params->segments;
        walk.output = (uintptr_t)target - 1;
        walk.step = channels;
        walk.block_end = at_once ? params->weights + channels * params->channel_codes : NULL;
        pqs_packed_gather_16(params, input, &room, &blocks);
        for (int32_t channel = 0; channel < channels; channel++) {
            const int8_t *const codes = params->weights + channel * params->channel_codes;
            {
                register const int8_t *next __asm__("r0") = codes;
                if (rounding == PQS_ROUNDING_SINGLE) {
                    PQS_PACKED_RUN_CODES(PQS_PACKED_RUN_WRITING);
                } else {
                    PQS_PACKED_RUN_CODES(PQS_PACKED_RUN_STORING);
                }
            }
            if (at_once) {
                break;
            }
            pqs_packed_write_channel(
                params, channel, room.sums, PQS_PACKED_UNBOUNDED, &blocks, target + channel, rounding);
        }
        pqs_clamp_elements(target, blocks.count * channels, params->activation_min, params->activation_max);
    }
}

#elif defined(PQS_THUMB1_LOOPS)

/*
 * In assembly, to keep eight accumulators in registers: r4 to r11. Where a loop runs, r12 is the next code, lr its group;
 * r0 and r1 are words, r2 a weight, r3 the address of its row.
 */

/** What the channels of a block are gone through with. */
typedef struct {
    const int32_t *bias; /* of the next channel */
    const uint8_t *segments; /* lengths that follow; NULL: one segment each */
    const int8_t *end; /* of the segment */
    const int8_t *last_end; /* of the channel */
    int32_t high; /* the bias of this channel */
    int32_t left; /* segments: 0 if there is but one; minus those to come in the first; then this one and those */
} pqs_packed_walk;

/** Begins a channel. */
#define PQS_PACKED_BEGIN                                                                                               \
    "ldr r1, %[bias]\n\t"                                                                                              \
    "ldm r1!, {r0}\n\t"                                                                                                \
    "str r1, %[bias]\n\t"                                                                                              \
    "str r0, %[high]\n\t"                                                                                              \
    "ldr r0, %[channel_codes]\n\t"                                                                                     \
    "add r0, r12\n\t"                                                                                                  \
    "str r0, %[last_end]\n\t"                                                                                          \
    "str r0, %[end]\n\t"                                                                                               \
    "movs r3, #0\n\t"                                                                                                  \
    "ldr r1, %[segments]\n\t"                                                                                          \
    "cmp r1, #0\n\t"                                                                                                   \
    "beq 1f\n\t"                                                                                                       \
    "ldrb r0, [r1]\n\t"                                                                                                \
    "adds r1, r1, #1\n\t"                                                                                              \
    "subs r3, r0, #1\n\t"                                                                                              \
    "beq 0f\n\t"                                                                                                       \
    "negs r3, r3\n\t"                                                                                                  \
    "ldrb r2, [r1]\n\t"                                                                                                \
    "adds r1, r1, #1\n\t"                                                                                              \
    "lsls r2, r2, #2\n\t"                                                                                              \
    "add r2, r12\n\t"                                                                                                  \
    "str r2, %[end]\n"                                                                                                 \
    "0:\n\t"                                                                                                           \
    "str r1, %[segments]\n"                                                                                            \
    "1:\n\t"                                                                                                           \
    "str r3, %[left]\n\t"                                                                                              \
    "ldr r0, %[rows]\n\t"                                                                                              \
    "mov lr, r0\n"

#define PQS_PACKED_FRESH                                                                                               \
    "movs r4, #128\n\t"                                                                                                \
    "lsls r4, r4, #8\n\t" PQS_PACKED_ALL_ALIKE

/** Adds a code's weight times its row to the accumulators; r3 is the row behind it then. */
#define PQS_PACKED_CODE(index, bits)                                                                                   \
    "mov r0, r12\n\t"                                                                                                  \
    "ldrb r2, [r0, #" #index "]\n\t"                                                                                   \
    "lsls r3, r2, #32-" #bits "\n\t"                                                                                   \
    "lsrs r3, r3, #27-" #bits "\n\t"                                                                                   \
    "add r3, lr\n\t"                                                                                                   \
    "sxtb r2, r2\n\t"                                                                                                  \
    "asrs r2, r2, #" #bits "\n\t" PQS_PACKED_TWO(r4, r5) PQS_PACKED_TWO(r6, r7) PQS_PACKED_TWO(r8, r9)                 \
        PQS_PACKED_TWO(r10, r11)

#define PQS_PACKED_NEXT_GROUP                                                                                          \
    "movs r0, #128\n\t"                                                                                                \
    "add lr, r0\n\t"

#define PQS_PACKED_CODES_2_4                                                                                           \
    PQS_PACKED_CODE(0, 2)                                                                                              \
    PQS_PACKED_CODE(1, 2) PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(2, 2) PQS_PACKED_CODE(3, 2) PQS_PACKED_NEXT_GROUP

#define PQS_PACKED_CODES_1_4                                                                                           \
    PQS_PACKED_CODE(0, 2)                                                                                              \
    PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(1, 2) PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(2, 2)                            \
        PQS_PACKED_NEXT_GROUP PQS_PACKED_CODE(3, 2) PQS_PACKED_NEXT_GROUP

#define PQS_PACKED_GAP_CODE(index, bits) PQS_PACKED_CODE(index, bits) "mov lr, r3\n\t"

#define PQS_PACKED_GAPS(bits)                                                                                          \
    PQS_PACKED_GAP_CODE(0, bits)                                                                                       \
    PQS_PACKED_GAP_CODE(1, bits) PQS_PACKED_GAP_CODE(2, bits) PQS_PACKED_GAP_CODE(3, bits)

#define PQS_PACKED_GAPS_2 PQS_PACKED_GAPS(2)

#define PQS_PACKED_GAPS_3 PQS_PACKED_GAPS(3)

/** Sets the sums at r3 of an accumulator, of r4 to r7, by what all sums start at in r12 and r2. */
#define PQS_PACKED_SET(a)                                                                                              \
    "mov r0, r12\n\t"                                                                                                  \
    "adds r0, r0, " #a "\n\t"                                                                                          \
    "asrs " #a ", " #a ", #16\n\t"                                                                                     \
    "adds r1, r2, " #a "\n\t"                                                                                          \
    "stm r3!, {r0, r1}\n\t"

/** Adds an accumulator to its sums at r3. */
#define PQS_PACKED_ADD(a)                                                                                              \
    "ldr r0, [r3]\n\t"                                                                                                 \
    "ldr r1, [r3, #4]\n\t"                                                                                             \
    "adds r0, r0, " #a "\n\t"                                                                                          \
    "asrs " #a ", " #a ", #16\n\t"                                                                                     \
    "adds r1, r1, " #a "\n\t"                                                                                          \
    "stm r3!, {r0, r1}\n\t"

/** The same at last, when the low lanes' sum is complete. */
#define PQS_PACKED_LAST(a)                                                                                             \
    "ldr r0, [r3]\n\t"                                                                                                 \
    "ldr r1, [r3, #4]\n\t"                                                                                             \
    "adds r0, r0, " #a "\n\t"                                                                                          \
    "asrs " #a ", " #a ", #16\n\t"                                                                                     \
    "adds r1, r1, " #a "\n\t"                                                                                          \
    "lsls " #a ", r1, #16\n\t"                                                                                         \
    "subs r0, r0, " #a "\n\t"                                                                                          \
    "stm r3!, {r0, r1}\n\t"

/** Sets the sums at r3 of an accumulator that all of a channel is in, by what sums start at in r12 and r2. */
#define PQS_PACKED_SINGLE(a)                                                                                           \
    "uxth r0, " #a "\n\t"                                                                                              \
    "add r0, r12\n\t"                                                                                                  \
    "asrs r1, " #a ", #16\n\t"                                                                                         \
    "adds r1, r1, r2\n\t"                                                                                              \
    "stm r3!, {r0, r1}\n\t"

#define PQS_PACKED_EACH(sums)                                                                                          \
    sums(r4) sums(r5) sums(r6) sums(r7) "mov r4, r8\n\t" sums(r4) "mov r4, r9\n\t" sums(r4) "mov r4, r10\n\t" sums(r4) \
        "mov r4, r11\n\t" sums(r4)

/** Sums up a channel. Branches that depend on something do not reach far. */
#define PQS_PACKED_RUN(codes)                                                                                          \
    __asm__ volatile(".syntax unified\n\t" PQS_PACKED_BEGIN "0:\n\t" PQS_PACKED_FRESH "1:\n\t" codes                   \
                     "movs r0, #4\n\t"                                                                                 \
                     "add r12, r0\n\t"                                                                                 \
                     "ldr r0, %[end]\n\t"                                                                              \
                     "cmp r12, r0\n\t"                                                                                 \
                     "bne 1b\n\t"                                                                                      \
                     "ldr r3, %[sums]\n\t"                                                                             \
                     "ldr r0, %[left]\n\t"                                                                             \
                     "cmp r0, #1\n\t"                                                                                  \
                     "bgt 2f\n\t"                                                                                      \
                     "beq 3f\n\t"                                                                                      \
                     "ldr r2, %[high]\n\t"                                                                             \
                     "movs r1, #128\n\t"                                                                               \
                     "lsls r1, r1, #8\n\t"                                                                             \
                     "cmp r0, #0\n\t"                                                                                  \
                     "bne 4f\n\t"                                                                                      \
                     "subs r0, r2, r1\n\t"                                                                             \
                     "mov r12, r0\n\t" PQS_PACKED_EACH(PQS_PACKED_SINGLE) "b 7f\n"                                     \
                     "2:\n\t"                                                                                          \
                     "b 5f\n"                                                                                          \
                     "3:\n\t" PQS_PACKED_EACH(PQS_PACKED_LAST) "b 7f\n"                                                \
                     "4:\n\t"                                                                                          \
                     "negs r3, r0\n\t"                                                                                 \
                     "str r3, %[left]\n\t"                                                                             \
                     "ldr r3, %[sums]\n\t"                                                                             \
                     "lsls r0, r0, #15\n\t"                                                                            \
                     "subs r0, r0, r1\n\t"                                                                             \
                     "adds r0, r0, r2\n\t"                                                                             \
                     "lsls r1, r2, #16\n\t"                                                                            \
                     "adds r0, r0, r1\n\t"                                                                             \
                     "mov r12, r0\n\t" PQS_PACKED_EACH(PQS_PACKED_SET) "b 6f\n"                                        \
                     "5:\n\t"                                                                                          \
                     "subs r0, r0, #1\n\t"                                                                             \
                     "str r0, %[left]\n\t" PQS_PACKED_EACH(PQS_PACKED_ADD)                                             \
                     "6:\n\t"                                                                                          \
                     "ldr r2, %[end]\n\t"                                                                              \
                     "mov r12, r2\n\t"                                                                                 \
                     "ldr r0, %[left]\n\t"                                                                             \
                     "cmp r0, #1\n\t"                                                                                  \
                     "bne 8f\n\t"                                                                                      \
                     "ldr r2, %[last_end]\n\t"                                                                         \
                     "b 9f\n"                                                                                          \
                     "8:\n\t"                                                                                          \
                     "ldr r1, %[segments]\n\t"                                                                         \
                     "ldrb r2, [r1]\n\t"                                                                               \
                     "adds r1, r1, #1\n\t"                                                                             \
                     "str r1, %[segments]\n\t"                                                                         \
                     "lsls r2, r2, #2\n\t"                                                                             \
                     "add r2, r12\n"                                                                                   \
                     "9:\n\t"                                                                                          \
                     "str r2, %[end]\n\t"                                                                              \
                     "b 0b\n"                                                                                          \
                     "7:"                                                                                              \
                     : "+h"(next), [bias] "+m"(walk.bias), [segments] "+m"(walk.segments), [end] "+m"(walk.end),       \
                       [last_end] "+m"(walk.last_end), [high] "+m"(walk.high), [left] "+m"(walk.left)                  \
                     : [channel_codes] "m"(channel_codes), [rows] "m"(room.rows), [sums] "m"(room.sums)           \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "lr", "cc", "memory")

/**
 * Computes a layer of groups of four inputs with one or two codes, or of gaps.
 *
 * @param sum what sums up a channel where there are no loops in assembly.
 */
PQS_INLINE void pqs_packed_run(const pqs_packed_conv2d_params *params,
                               const int8_t *input,
                               int8_t *output,
                               void *scratch,
                               int rounding,
                               int positions,
                               pqs_packed_summing *sum)
{
    (void)sum;
    const pqs_packed_room room = pqs_packed_begin(params, scratch);
    pqs_packed_walk walk;
    const int32_t channels = params->output_channels;
    const int32_t channel_codes = params->channel_codes;
    pqs_packed_blocks blocks = pqs_packed_first_block(params, PQS_PACKED_PIXELS);
    for (; blocks.count > 0; pqs_packed_next_block(&blocks)) {
        int8_t *target = output + blocks.first * channels;
        const int8_t *codes = params->weights;
        walk.bias = params->bias;
        walk.segments = params->segments;
        pqs_packed_gather_16(params, input, &room, &blocks);
        for (int32_t channel = 0; channel < channels; channel++) {
            const uint32_t bound = pqs_packed_bound(walk.segments, *walk.bias);
            register const int8_t *next __asm__("r12") = codes;
            PQS_PACKED_RUN_CODES(PQS_PACKED_RUN);
            codes += channel_codes;
            pqs_packed_write_channel(params, channel, room.sums, bound, &blocks, target, rounding);
            target++;
        }
        pqs_clamp_elements(
            target - channels, blocks.count * channels, params->activation_min, params->activation_max);
    }
}

#else

/** Computes a layer, each channel by `sum`. */
PQS_INLINE void pqs_packed_run(const pqs_packed_conv2d_params *params,
                               const int8_t *input,
                               int8_t *output,
                               void *scratch,
                               int rounding,
                               int positions,
                               pqs_packed_summing *sum)
{
    (void)positions;
    pqs_packed_run_any(params, input, output, scratch, rounding, sum);
}

#endif

#endif /* PQS_PACKED_LANES_H */
