/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_matrix_columns_blocks.h
 * @brief Sums of a convolution for blocks of four pixels, whose inputs are laid out in words beforehand.
 */
#ifndef PQS_MATRIX_COLUMNS_BLOCKS_H
#define PQS_MATRIX_COLUMNS_BLOCKS_H

#include "pqs_matrix_columns.h"

#if !defined(PQS_MVE)

/** Pixels of a block. */
#define PQS_BLOCK_PIXELS 4

#if defined(PQS_NO_LONG_MULTIPLY)

/*
 * One channel at a time. An input is one word for each pixel: four of them are loaded by one instruction, and each is
 * used for one product, which takes its place.
 */
#define PQS_BLOCK_CHANNELS 1
#define PQS_BLOCK_WORDS 4

/** Whether pixels are laid out in pairs. */
#define PQS_LAYS_PAIRS 0

/** Lays out pixel `index` of a block; `before`, the pixel before it, is not read. */
PQS_INLINE void
pqs_lay_pixel(const int8_t *before, const int8_t *column, int32_t depth, int32_t index, int32_t *words)
{
    (void)before;
    words += index;
    for (int32_t k = 0; k < depth; k++) {
        *words = column[k];
        words += PQS_BLOCK_WORDS;
    }
}

/** What a block's sums are computed from, and the sums. The order of members is that of the assembly below. */
typedef struct {
    const int8_t *weights; /* the next one */
    const int32_t *words;  /* its words */
    const int32_t *end;    /* of the words that steps of four reach */
    int32_t sums[PQS_BLOCK_PIXELS];
} pqs_block_run;

/** Adds the products of one weight. */
PQS_INLINE void pqs_block_step(pqs_block_run *run)
{
    const int32_t weight = *run->weights++;
    for (int32_t pixel = 0; pixel < PQS_BLOCK_PIXELS; pixel++) {
        run->sums[pixel] += *run->words++ * weight;
    }
}

#if defined(PQS_THUMB1_LOOPS)

#define PQS_BLOCK_STEP                                                                                                 \
    "    ldmia r1!, {r4, r5, r6, r7}\n"                                                                                \
    "    ldrsb %[run], [r0, r2]\n"                                                                                     \
    "    adds r2, #1\n"                                                                                                \
    "    muls r4, %[run], r4\n"                                                                                        \
    "    add r8, r4\n"                                                                                                 \
    "    muls r5, %[run], r5\n"                                                                                        \
    "    add r9, r5\n"                                                                                                 \
    "    muls r6, %[run], r6\n"                                                                                        \
    "    add r10, r6\n"                                                                                                \
    "    muls r7, %[run], r7\n"                                                                                        \
    "    add r11, r7\n"

/**
 * Adds the products of the weights up to the end, at least four. In assembly, since compilers do not load several
 * registers at once, nor keep sums in the registers that can do no more than add.
 */
PQS_INLINE void pqs_block_steps(pqs_block_run *run)
{
    /* The register of `run` serves as one more, and is restored. */
    __asm__ volatile("    .syntax unified\n"
                     "    mov r12, %[run]\n"
                     "    ldmia %[run]!, {r0, r1, r2, r4, r5, r6, r7}\n"
                     "    mov lr, r2\n"
                     "    mov r8, r4\n"
                     "    mov r9, r5\n"
                     "    mov r10, r6\n"
                     "    mov r11, r7\n"
                     "    movs r2, #0\n"
                     "1:\n" PQS_BLOCK_STEP PQS_BLOCK_STEP PQS_BLOCK_STEP PQS_BLOCK_STEP
                     "    cmp r1, lr\n"
                     "    bne 1b\n"
                     "    mov %[run], r12\n"
                     "    adds r0, r0, r2\n"
                     "    mov r2, lr\n"
                     "    mov r4, r8\n"
                     "    mov r5, r9\n"
                     "    mov r6, r10\n"
                     "    mov r7, r11\n"
                     "    stmia %[run]!, {r0, r1, r2, r4, r5, r6, r7}\n"
                     "    mov %[run], r12\n"
                     :
                     : [run] "l"(run)
                     : "r0", "r1", "r2", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
}

#else

PQS_INLINE void pqs_block_steps(pqs_block_run *run)
{
    while (run->words != run->end) {
        pqs_block_step(run);
    }
}

#endif

/** The sums of a channel's products; `step` is not read. */
PQS_NOINLINE void pqs_block_sums(
    const int8_t *weights, int32_t step, const int32_t *words, int32_t depth, int32_t sums[PQS_BLOCK_PIXELS])
{
    (void)step;
    pqs_block_run run;
    run.weights = weights;
    run.words = words;
    run.end = words + (depth - depth % 4) * PQS_BLOCK_WORDS;
    for (int32_t pixel = 0; pixel < PQS_BLOCK_PIXELS; pixel++) {
        run.sums[pixel] = 0;
    }
    if (depth >= 4) {
        pqs_block_steps(&run);
    }
    for (int32_t rest = depth % 4; rest > 0; rest--) {
        pqs_block_step(&run);
    }
    for (int32_t pixel = 0; pixel < PQS_BLOCK_PIXELS; pixel++) {
        sums[pixel] = run.sums[pixel];
    }
}

#else

/* Two channels at a time. An input of two pixels is one word, for accumulators of two lanes. */
#define PQS_BLOCK_CHANNELS 2
#define PQS_BLOCK_WORDS 2

/** Whether pixels are laid out in pairs. */
#define PQS_LAYS_PAIRS 1

/** Lays out pixel `index` of a block, an odd one, and `before`, the pixel before it. */
PQS_INLINE void
pqs_lay_pixel(const int8_t *before, const int8_t *column, int32_t depth, int32_t index, int32_t *words)
{
    words += index / 2;
    for (; depth >= 4; depth -= 4) {
        words[0] = pqs_pair_word(before[0], column[0]);
        words[PQS_BLOCK_WORDS] = pqs_pair_word(before[1], column[1]);
        words[2 * PQS_BLOCK_WORDS] = pqs_pair_word(before[2], column[2]);
        words[3 * PQS_BLOCK_WORDS] = pqs_pair_word(before[3], column[3]);
        words += 4 * PQS_BLOCK_WORDS;
        before += 4;
        column += 4;
    }
    for (; depth > 0; depth--) {
        *words = pqs_pair_word(*before++, *column++);
        words += PQS_BLOCK_WORDS;
    }
}

/** What a block's sums are computed from, and how far that is done. */
typedef struct {
    const int8_t *weights0; /* the next one of a channel */
    const int8_t *weights1; /* of another, or of the same */
    const int32_t *words;
} pqs_block_inputs;

/** Adds the products of one weight of each channel: both pairs of pixels of the first, then those of the second. */
PQS_INLINE void pqs_block_step(pqs_block_inputs *inputs, int64_t lanes[4])
{
    const int32_t word0 = inputs->words[0];
    const int32_t word1 = inputs->words[1];
    const int32_t weight0 = *inputs->weights0++;
    const int32_t weight1 = *inputs->weights1++;
    lanes[0] += (int64_t)word0 * weight0;
    lanes[1] += (int64_t)word1 * weight0;
    lanes[2] += (int64_t)word0 * weight1;
    lanes[3] += (int64_t)word1 * weight1;
    inputs->words += PQS_BLOCK_WORDS;
}

#if defined(PQS_THUMB2_LOOPS)

#define PQS_BLOCK_STEP                                                                                                 \
    "    ldrd %[word0], %[word1], [%[words]], #8\n"                                                                    \
    "    ldrsb %[weight], [%[weights0]], #1\n"                                                                         \
    "    smlal %Q[lanes0], %R[lanes0], %[word0], %[weight]\n"                                                          \
    "    smlal %Q[lanes1], %R[lanes1], %[word1], %[weight]\n"                                                          \
    "    ldrsb %[weight], [%[weights1]], #1\n"                                                                         \
    "    smlal %Q[lanes2], %R[lanes2], %[word0], %[weight]\n"                                                          \
    "    smlal %Q[lanes3], %R[lanes3], %[word1], %[weight]\n"

/**
 * The same for `count` weights. In assembly, since this takes every register, which compilers see too late: they keep
 * accumulators on the stack.
 */
PQS_INLINE void pqs_block_steps(pqs_block_inputs *inputs, int32_t count, int64_t lanes[4])
{
    const int32_t *const single = inputs->words + count % 4 * PQS_BLOCK_WORDS; /* the end of single steps */
    const int32_t *const end = inputs->words + count * PQS_BLOCK_WORDS;
    int32_t word0;
    int32_t word1;
    int32_t weight;
    __asm__ volatile("    ldr %[weight], %[single]\n"
                     "    cmp %[words], %[weight]\n"
                     "    beq 2f\n"
                     "1:\n" PQS_BLOCK_STEP
                     "    ldr %[weight], %[single]\n"
                     "    cmp %[words], %[weight]\n"
                     "    bne 1b\n"
                     "    ldr %[weight], %[end]\n"
                     "    cmp %[words], %[weight]\n"
                     "    beq 3f\n"
                     "2:\n" PQS_BLOCK_STEP PQS_BLOCK_STEP PQS_BLOCK_STEP PQS_BLOCK_STEP
                     "    ldr %[weight], %[end]\n"
                     "    cmp %[words], %[weight]\n"
                     "    bne 2b\n"
                     "3:\n"
                     : [lanes0] "+r"(lanes[0]), [lanes1] "+r"(lanes[1]), [lanes2] "+r"(lanes[2]),
                       [lanes3] "+r"(lanes[3]), [weights0] "+r"(inputs->weights0), [weights1] "+r"(inputs->weights1),
                       [words] "+r"(inputs->words), [word0] "=&r"(word0), [word1] "=&r"(word1), [weight] "=&r"(weight)
                     : [single] "m"(single), [end] "m"(end)
                     : "cc", "memory");
}

#else

PQS_INLINE void pqs_block_steps(pqs_block_inputs *inputs, int32_t count, int64_t lanes[4])
{
    for (; count > 0; count--) {
        pqs_block_step(inputs, lanes);
    }
}

#endif

/** The sums of the products of two channels, `step` weights apart. */
PQS_NOINLINE void pqs_block_sums(
    const int8_t *weights, int32_t step, const int32_t *words, int32_t depth, int32_t sums[2 * PQS_BLOCK_PIXELS])
{
    pqs_block_inputs inputs;
    inputs.weights0 = weights;
    inputs.weights1 = weights + step;
    inputs.words = words;
    for (int32_t left = depth; left > 0; left -= PQS_LANE_PRODUCTS) {
        const int32_t count = pqs_min(left, PQS_LANE_PRODUCTS);
        int64_t lanes[4] = {PQS_LANE_START, PQS_LANE_START, PQS_LANE_START, PQS_LANE_START};
        pqs_block_steps(&inputs, count, lanes);
        if (left == depth) {
            for (int32_t pair = 0; pair < 4; pair++) {
                pqs_store_lanes(lanes[pair], 0, 0, sums + 2 * pair);
            }
        } else {
            for (int32_t pair = 0; pair < 4; pair++) {
                pqs_store_lanes(lanes[pair], sums[2 * pair], sums[2 * pair + 1], sums + 2 * pair);
            }
        }
    }
}

#endif

#endif

#endif /* PQS_MATRIX_COLUMNS_BLOCKS_H */
