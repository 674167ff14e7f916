/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_wide.h
 * @brief Convolutions of pruned weights of eight bits, whose positions are in groups or gaps.
 */
#ifndef PQS_PACKED_WIDE_H
#define PQS_PACKED_WIDE_H

#include "pqs_packed_outputs.h"
#include "pqs_saturate.h"

/*
 * Weights of eight bits would fill lanes of 16 bits after a few products. Where there are products of 64 bits, two sums
 * are in one of them: the low lane has 23 bits, which the generator proved to be enough for a channel, and the high one
 * what is left. Elsewhere each sum has a register.
 */

/**
 * What the products of a word add up to. Where a block has fewer pixels than words, the others hold anything: then sums of 32
 * bits wrap, and those of 64 have room for it.
 */
#if defined(PQS_NO_LONG_MULTIPLY)
typedef uint32_t pqs_wide_total;
#else
typedef int64_t pqs_wide_total;
#endif

/** A channel that is summed up. */
typedef struct {
    const int8_t *codes;
    const int8_t *end;
    int32_t bias;
    int32_t position_bits;
    int32_t group_codes;
} pqs_wide_channel;

/** A sum with its bias. It wraps where a block has fewer pixels than lanes: what the others hold is no output. */
PQS_INLINE int32_t pqs_wide_add(int32_t bias, int32_t sum)
{
    return (int32_t)((uint32_t)bias + (uint32_t)sum);
}

/** Sets the sums of the pixels in the word of that number. */
PQS_INLINE void pqs_wide_set(int32_t *sums, int32_t word, pqs_wide_total total, int32_t bias)
{
#if defined(PQS_NO_LONG_MULTIPLY)
    const int32_t half = PQS_PACKED_WORDS / 2;
    sums[word % half * 2 + word / half] = pqs_wide_add(bias, (int32_t)total);
#else
    const int32_t low = (int32_t)((uint32_t)(uint64_t)total << 9) >> 9;
    sums[2 * word] = pqs_wide_add(bias, low);
    sums[2 * word + 1] = pqs_wide_add(bias, (int32_t)((total - low) >> PQS_PACKED_WIDE_LANE));
#endif
}

/** Sums up half the words of a block, from `first` on. */
PQS_INLINE void
pqs_wide_sum_half(const pqs_wide_channel *channel, const uint32_t *rows, int32_t first, int32_t *sums, int positions)
{
    const int32_t mask = pqs_shift_left(1, channel->position_bits) - 1;
    const int32_t each = 8 / channel->position_bits;
    const int8_t *codes = channel->codes;
    const uint32_t *row = rows + first;
    int32_t left_in_group = channel->group_codes;
    pqs_wide_total totals[PQS_PACKED_WORDS / 2] = {0, 0, 0, 0};
    while (codes != channel->end) {
        int32_t bits = (uint8_t)*codes++;
        for (int32_t left = each; left > 0; left--) {
            const uint32_t *words = row + (bits & mask) * PQS_PACKED_WORDS;
            const pqs_wide_total weight = (pqs_wide_total)*codes++;
            totals[0] += (pqs_wide_total)(int32_t)words[0] * weight;
            totals[1] += (pqs_wide_total)(int32_t)words[1] * weight;
            totals[2] += (pqs_wide_total)(int32_t)words[2] * weight;
            totals[3] += (pqs_wide_total)(int32_t)words[3] * weight;
            bits >>= channel->position_bits;
            if (positions == PQS_PACKED_BY_GAPS) {
                row = words + PQS_PACKED_WORDS;
            } else if (--left_in_group == 0) {
                left_in_group = channel->group_codes;
                row += (mask + 1) * PQS_PACKED_WORDS;
            }
        }
    }
    for (int32_t word = 0; word < PQS_PACKED_WORDS / 2; word++) {
        pqs_wide_set(sums, first + word, totals[word], channel->bias);
    }
}

/** Sums up a block, of codes in groups or by gaps. */
PQS_INLINE void pqs_wide_sum_any(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums, int positions)
{
    for (int32_t first = 0; first < PQS_PACKED_WORDS; first += PQS_PACKED_WORDS / 2) {
        pqs_wide_sum_half(channel, rows, first, sums, positions);
    }
}

/**
 * Computes a layer.
 *
 * @param sum pqs_wide_sum_any, or what does the same.
 */
PQS_INLINE void pqs_wide_run(const pqs_packed_conv2d_params *params,
                             const int8_t *input,
                             int8_t *output,
                             void *scratch,
                             void (*sum)(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums),
                             int rounding)
{
    const pqs_packed_room room = pqs_packed_begin(params, scratch);
    pqs_wide_channel current;
    current.position_bits = params->position_bits;
    current.group_codes = params->group_codes;
    const int32_t channels = params->output_channels;
    pqs_packed_blocks blocks = pqs_packed_first_block(params, PQS_PACKED_WIDE_PIXELS);
    for (; blocks.count > 0; pqs_packed_next_block(&blocks)) {
        int8_t *const target = output + blocks.first * channels;
        pqs_packed_gather_wide(params, input, &room, &blocks);
        current.end = params->weights;
        for (int32_t channel = 0; channel < channels; channel++) {
            current.codes = current.end;
            current.end += params->channel_codes;
            current.bias = params->bias[channel];
            sum(&current, room.rows, room.sums);
            pqs_packed_write_channel(
                params, channel, room.sums, PQS_PACKED_UNBOUNDED, &blocks, target + channel, rounding);
        }
        pqs_clamp_elements(target, blocks.count * channels, params->activation_min, params->activation_max);
    }
    pqs_saturate_packed_conv2d(params, output, rounding);
}

#endif /* PQS_PACKED_WIDE_H */
