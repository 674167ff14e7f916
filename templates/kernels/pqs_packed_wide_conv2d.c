/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_outputs.h"
#include "pqs_saturate.h"

#if !defined(PQS_MVE)

/*
 * Weights of eight bits would fill lanes of 16 bits after a few products. Where there are products of 64 bits, two sums
 * are in one of them: the low lane has 23 bits, which the generator proved to be enough for a channel, and the high one
 * what is left. Elsewhere each sum has a register.
 */

/** A sum with its bias. It wraps where a block has fewer pixels than lanes: what the others hold is no output. */
PQS_INLINE int32_t pqs_wide_add(int32_t bias, int32_t sum)
{
    return (int32_t)((uint32_t)bias + (uint32_t)sum);
}

/** A channel that is summed up. */
typedef struct {
    const int8_t *codes;
    const int8_t *end;
    int32_t bias;
    int32_t position_bits;
    int32_t group_codes;
} pqs_wide_channel;

#if defined(PQS_NO_LONG_MULTIPLY)

/** The sums of eight pixels: half a row each time. */
PQS_INLINE void pqs_wide_sum(const pqs_wide_channel *channel, const uint32_t *row, int32_t *sums)
{
    const int32_t mask = pqs_shift_left(1, channel->position_bits) - 1;
    const int32_t each = 8 / channel->position_bits;
    for (int32_t quarter = 0; quarter < PQS_PACKED_WORDS / 2; quarter += 2) {
        const int8_t *codes = channel->codes;
        const uint32_t *group = row + quarter;
        int32_t left_in_group = channel->group_codes;
        int32_t sum0 = 0;
        int32_t sum1 = 0;
        int32_t sum2 = 0;
        int32_t sum3 = 0;
        while (codes != channel->end) {
            int32_t positions = (uint8_t)*codes++;
            for (int32_t left = each; left > 0; left--) {
                const uint32_t *words = group + (positions & mask) * PQS_PACKED_WORDS;
                const int32_t weight = *codes++;
                const int32_t low0 = (int16_t)(uint16_t)(words[0] & 0xFFFFu);
                const int32_t low1 = (int16_t)(uint16_t)(words[1] & 0xFFFFu);
                sum0 += low0 * weight;
                sum1 += ((int32_t)(words[0] - (uint32_t)low0) >> 16) * weight;
                sum2 += low1 * weight;
                sum3 += ((int32_t)(words[1] - (uint32_t)low1) >> 16) * weight;
                positions >>= channel->position_bits;
                if (--left_in_group == 0) {
                    left_in_group = channel->group_codes;
                    group += (mask + 1) * PQS_PACKED_WORDS;
                }
            }
        }
        sums[2 * quarter] = pqs_wide_add(channel->bias, sum0);
        sums[2 * quarter + 1] = pqs_wide_add(channel->bias, sum1);
        sums[2 * quarter + 2] = pqs_wide_add(channel->bias, sum2);
        sums[2 * quarter + 3] = pqs_wide_add(channel->bias, sum3);
    }
}

#else

/** Takes the two sums of a 64-bit accumulator apart. */
PQS_INLINE void pqs_wide_split(int32_t *sums, int64_t accumulator, int32_t bias)
{
    const int32_t low = (int32_t)((uint32_t)(uint64_t)accumulator << 9) >> 9;
    sums[0] = pqs_wide_add(bias, low);
    sums[1] = pqs_wide_add(bias, (int32_t)((accumulator - low) >> PQS_PACKED_WIDE_LANE));
}

#if defined(PQS_THUMB2_LOOPS)

/* In assembly, since there are just enough registers for four accumulators of two. */

/** A code whose group is `offset` bytes from the address. */
#define PQS_WIDE_CODE(offset)                                                                                          \
    "ldrsb %[c], [%[codes]], #1\n\t"                                                                                   \
    "bfi %[row], %[positions], #5, #2\n\t"                                                                             \
    "ldr %[x], [%[row], #" #offset "]\n\t"                                                                             \
    "smlal %[l0], %[h0], %[x], %[c]\n\t"                                                                               \
    "ldr %[x], [%[row], #" #offset "+4]\n\t"                                                                           \
    "smlal %[l1], %[h1], %[x], %[c]\n\t"                                                                               \
    "ldr %[x], [%[row], #" #offset "+8]\n\t"                                                                           \
    "smlal %[l2], %[h2], %[x], %[c]\n\t"                                                                               \
    "ldr %[x], [%[row], #" #offset "+12]\n\t"                                                                          \
    "smlal %[l3], %[h3], %[x], %[c]\n\t"

#define PQS_WIDE_NEXT "lsr %[positions], %[positions], #2\n\t"

#define PQS_WIDE_CODES_2_4                                                                                             \
    PQS_WIDE_CODE(0) PQS_WIDE_NEXT PQS_WIDE_CODE(0) PQS_WIDE_NEXT PQS_WIDE_CODE(128) PQS_WIDE_NEXT PQS_WIDE_CODE(128)  \
    "add %[row], %[row], #256\n\t"

#define PQS_WIDE_CODES_1_4                                                                                             \
    PQS_WIDE_CODE(0) PQS_WIDE_NEXT PQS_WIDE_CODE(128) PQS_WIDE_NEXT PQS_WIDE_CODE(256) PQS_WIDE_NEXT PQS_WIDE_CODE(384) \
    "add %[row], %[row], #512\n\t"

#define PQS_WIDE_RUN(body)                                                                                             \
    __asm__ volatile("1:\n\t"                                                                                          \
                     "ldrb %[positions], [%[codes]], #1\n\t" body "ldr %[c], %[end]\n\t"                               \
                     "cmp %[codes], %[c]\n\t"                                                                          \
                     "bne 1b\n\t"                                                                                      \
                     : [codes] "+r"(codes), [row] "+r"(group), [positions] "=&r"(positions), [x] "=&r"(x),             \
                       [c] "=&r"(c), [l0] "+r"(l0), [h0] "+r"(h0), [l1] "+r"(l1), [h1] "+r"(h1), [l2] "+r"(l2),        \
                       [h2] "+r"(h2), [l3] "+r"(l3), [h3] "+r"(h3)                                                     \
                     : [end] "m"(channel->end)                                                                         \
                     : "cc", "memory")

/** The sums of eight pixels by groups of four inputs with `kept` codes: 1 or 2. */
PQS_INLINE void pqs_wide_sum_quick(const pqs_wide_channel *channel, const uint32_t *row, int32_t *sums, int kept)
{
    register const int8_t *codes __asm__("r0") = channel->codes;
    register uintptr_t group __asm__("r1") = (uintptr_t)row;
    register uint32_t positions __asm__("r2");
    register uint32_t x __asm__("r3");
    register uint32_t c __asm__("lr");
    register uint32_t l0 __asm__("r4") = 0;
    register uint32_t h0 __asm__("r5") = 0;
    register uint32_t l1 __asm__("r6") = 0;
    register uint32_t h1 __asm__("r8") = 0;
    register uint32_t l2 __asm__("r9") = 0;
    register uint32_t h2 __asm__("r10") = 0;
    register uint32_t l3 __asm__("r11") = 0;
    register uint32_t h3 __asm__("r12") = 0;
    if (kept == 2) {
        PQS_WIDE_RUN(PQS_WIDE_CODES_2_4);
    } else {
        PQS_WIDE_RUN(PQS_WIDE_CODES_1_4);
    }
    pqs_wide_split(sums, (int64_t)((uint64_t)h0 << 32 | l0), channel->bias);
    pqs_wide_split(sums + 2, (int64_t)((uint64_t)h1 << 32 | l1), channel->bias);
    pqs_wide_split(sums + 4, (int64_t)((uint64_t)h2 << 32 | l2), channel->bias);
    pqs_wide_split(sums + 6, (int64_t)((uint64_t)h3 << 32 | l3), channel->bias);
}

#endif

/** The sums of eight pixels: half a row each time. */
PQS_INLINE void pqs_wide_sum(const pqs_wide_channel *channel, const uint32_t *row, int32_t *sums)
{
    const int32_t mask = pqs_shift_left(1, channel->position_bits) - 1;
    const int32_t each = 8 / channel->position_bits;
    const int8_t *codes = channel->codes;
    int32_t left_in_group = channel->group_codes;
    int64_t accumulators[PQS_PACKED_WORDS / 2] = {0, 0, 0, 0};
    while (codes != channel->end) {
        int32_t positions = (uint8_t)*codes++;
        for (int32_t left = each; left > 0; left--) {
            const uint32_t *words = row + (positions & mask) * PQS_PACKED_WORDS;
            const int32_t weight = *codes++;
            accumulators[0] += (int64_t)(int32_t)words[0] * weight;
            accumulators[1] += (int64_t)(int32_t)words[1] * weight;
            accumulators[2] += (int64_t)(int32_t)words[2] * weight;
            accumulators[3] += (int64_t)(int32_t)words[3] * weight;
            positions >>= channel->position_bits;
            if (--left_in_group == 0) {
                left_in_group = channel->group_codes;
                row += (mask + 1) * PQS_PACKED_WORDS;
            }
        }
    }
    for (int32_t word = 0; word < PQS_PACKED_WORDS / 2; word++) {
        pqs_wide_split(sums + 2 * word, accumulators[word], channel->bias);
    }
}

#endif

/** The sums of a block. */
PQS_NOINLINE void pqs_wide_sum_block(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums)
{
    for (int32_t half = 0; half < PQS_PACKED_WORDS; half += PQS_PACKED_WORDS / 2) {
#if defined(PQS_THUMB2_LOOPS)
        if (channel->position_bits == 2 && channel->group_codes == 2) {
            pqs_wide_sum_quick(channel, rows + half, sums + 2 * half, 2);
            continue;
        }
        if (channel->position_bits == 2 && channel->group_codes == 1) {
            pqs_wide_sum_quick(channel, rows + half, sums + 2 * half, 1);
            continue;
        }
#endif
        pqs_wide_sum(channel, rows + half, sums + 2 * half);
    }
}

PQS_INLINE void pqs_conv2d_packed_wide(
    const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    const pqs_packed_room room = pqs_packed_begin(params, scratch);
    pqs_wide_channel current;
    current.position_bits = params->position_bits;
    current.group_codes = params->group_codes;
    const int32_t channels = params->output_channels;
    for (pqs_packed_blocks blocks = pqs_packed_first_block(params); blocks.count > 0; pqs_packed_next_block(&blocks)) {
        int8_t *const target = output + blocks.first * channels;
        pqs_packed_gather_wide(params, input, &room, &blocks);
        current.end = params->weights;
        for (int32_t channel = 0; channel < channels; channel++) {
            current.codes = current.end;
            current.end += params->channel_codes;
            current.bias = params->bias[channel];
            pqs_wide_sum_block(&current, room.rows, room.sums);
            if (rounding == PQS_ROUNDING_DOUBLE) {
                pqs_packed_write_double(
                    params, channel, room.sums, PQS_PACKED_UNBOUNDED, blocks.count, target + channel);
            } else {
                pqs_packed_write_single(
                    params, channel, room.sums, PQS_PACKED_UNBOUNDED, blocks.count, target + channel);
            }
        }
        pqs_clamp_elements(target, blocks.count * channels, params->activation_min, params->activation_max);
    }
}

void pqs_conv2d_packed_wide_double(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_conv2d_packed_wide(params, input, output, scratch, PQS_ROUNDING_DOUBLE);
    pqs_saturate_packed_conv2d(params, output, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_packed_wide_single(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_conv2d_packed_wide(params, input, output, scratch, PQS_ROUNDING_SINGLE);
    pqs_saturate_packed_conv2d(params, output, PQS_ROUNDING_SINGLE);
}

#endif /* !PQS_MVE */
