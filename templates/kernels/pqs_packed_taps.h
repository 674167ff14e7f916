/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_taps.h
 * @brief Pruned weights of depthwise convolutions (pqs_kernels.h, "Weights as bits").
 */
#ifndef PQS_PACKED_TAPS_H
#define PQS_PACKED_TAPS_H

#include "pqs_stored.h"

/** Bit number `bit` and those after it, at least 9; loads two bytes. */
PQS_INLINE uint32_t pqs_load_bits(const uint8_t *bytes, uint32_t bit)
{
    bytes += bit / 8u;
    return ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8) >> (bit % 8u);
}

/** A mask of so many bits. */
PQS_INLINE uint32_t pqs_low_bits(int32_t count)
{
    return (1u << count) - 1u;
}

/** Bytes that pqs_unpack_weights writes. */
PQS_INLINE int32_t pqs_unpacked_size(const pqs_depthwise_conv2d_params *params)
{
    return (params->kernel_height * params->kernel_width + 3) / 4 * 4;
}

/** Writes an output channel's weights, zeros too, one for each tap; `weights` is aligned to 4 bytes. */
PQS_NOINLINE void pqs_unpack_weights(const pqs_packed_depthwise_conv2d_params *packed, int32_t channel, int8_t *weights)
{
    const uint8_t *bytes = (const uint8_t *)packed->layer.weights;
    const int32_t position_bits = packed->position_bits;
    const int32_t weight_bits = packed->weight_bits;
    uint32_t bit = (uint32_t)channel * (uint32_t)packed->channel_bits;
    int32_t *words = (int32_t *)(void *)weights;
    for (int32_t size = pqs_unpacked_size(&packed->layer); size > 0; size -= 4) {
        *words++ = 0;
        PQS_OPAQUE(words); /* lest so few words cost a call */
    }
    int32_t taps = packed->group_taps;
    int32_t stored = packed->group_weights;
    for (int32_t left = packed->layer.kernel_height * packed->layer.kernel_width; left > 0; left -= taps) {
        if (taps > left) {
            taps = left;
            stored = pqs_min(stored, taps);
        }
        uint32_t mask = UINT32_MAX;
        if (stored < taps && position_bits == 0) {
            /* Where it has all that are stored, the last tap is not reached. */
            mask = pqs_order_mask(pqs_load_bits(bytes, bit) | 1u << (taps - 1));
            bit += (uint32_t)taps - 1u;
        } else if (stored < taps) {
            mask = 0;
            for (int32_t i = stored; i > 0; i--) {
                mask |= 1u << (pqs_load_bits(bytes, bit) & pqs_low_bits(position_bits));
                bit += (uint32_t)position_bits;
            }
            mask = pqs_order_mask(mask);
        }
        for (int32_t i = stored; i > 0; i--) {
            const uint32_t position = pqs_first_position(mask);
            const uint32_t value = pqs_load_bits(bytes, bit) << (32 - weight_bits);
            weights[position] = (int8_t)((int32_t)value >> (32 - weight_bits));
            mask = pqs_without_position(mask, position);
            bit += (uint32_t)weight_bits;
        }
        weights += taps;
    }
}

#if defined(PQS_MVE)

#define PQS_DEPTHWISE_LANES 8

/** pqs_load_bits for eight channels side by side. */
PQS_INLINE uint16x8_t pqs_load_bits8(const uint8_t *bytes, uint16x8_t bits)
{
    const uint16x8_t offsets = vshrq_n_u16(bits, 3);
    const uint16x8_t low = vldrbq_gather_offset_u16(bytes, offsets);
    const uint16x8_t high = vldrbq_gather_offset_u16(bytes + 1, offsets);
    const int16x8_t shift = vreinterpretq_s16_u16(vandq_u16(bits, vdupq_n_u16(7)));
    return vshlq_u16(vsliq_n_u16(low, high, 8), vnegq_s16(shift));
}

/** The number of the first bit that is set in each lane, of which none is 0. */
PQS_INLINE uint16x8_t pqs_first_position8(uint16x8_t mask)
{
    const int16x8_t lanes = vreinterpretq_s16_u16(mask);
    const uint16x8_t first = vandq_u16(mask, vreinterpretq_u16_s16(vnegq_s16(lanes)));
    return vsubq_u16(vdupq_n_u16(15), vclzq_u16(first));
}

/** Writes the weights of eight channels, from `channel` on: [kernel_height][kernel_width][8], zeros too. */
PQS_NOINLINE void pqs_unpack_lanes(const pqs_packed_depthwise_conv2d_params *packed, int32_t channel, int8_t *weights)
{
    const uint32_t first = (uint32_t)channel * (uint32_t)packed->channel_bits;
    const uint8_t *bytes = (const uint8_t *)packed->layer.weights + first / 8u;
    const int32_t position_bits = packed->position_bits;
    const int32_t weight_bits = packed->weight_bits;
    const uint16x8_t lanes = vidupq_n_u16(0, 1);
    uint16x8_t bits = vmlaq_n_u16(vdupq_n_u16((uint16_t)(first % 8u)), lanes, (uint16_t)packed->channel_bits);
    int32_t left = packed->layer.kernel_height * packed->layer.kernel_width;
    memset(weights, 0, (size_t)(left * PQS_DEPTHWISE_LANES));
    int32_t taps = packed->group_taps;
    int32_t stored = packed->group_weights;
    for (; left > 0; left -= taps) {
        if (taps > left) {
            taps = left;
            stored = pqs_min(stored, taps);
        }
        uint16x8_t mask = vdupq_n_u16(0);
        uint16x8_t positions = bits;
        if (stored < taps && position_bits == 0) {
            /* As above. */
            mask = vorrq_u16(pqs_load_bits8(bytes, bits), vdupq_n_u16((uint16_t)(1u << (taps - 1))));
            bits = vaddq_n_u16(bits, (uint16_t)(taps - 1));
        } else if (stored < taps) {
            bits = vaddq_n_u16(bits, (uint16_t)(stored * position_bits));
        }
        for (int32_t i = 0; i < stored; i++) {
            uint16x8_t position = vdupq_n_u16((uint16_t)i);
            if (stored < taps && position_bits == 0) {
                position = pqs_first_position8(mask);
                mask = vandq_u16(mask, vsubq_n_u16(mask, 1));
            } else if (stored < taps) {
                position =
                    vandq_u16(pqs_load_bits8(bytes, positions), vdupq_n_u16((uint16_t)pqs_low_bits(position_bits)));
                positions = vaddq_n_u16(positions, (uint16_t)position_bits);
            }
            const uint16x8_t value = vshlq_r_u16(pqs_load_bits8(bytes, bits), 16 - weight_bits);
            const int16x8_t weight = vshlq_r_s16(vreinterpretq_s16_u16(value), weight_bits - 16);
            vstrbq_scatter_offset_s16(weights, vmlaq_n_u16(lanes, position, PQS_DEPTHWISE_LANES), weight);
            bits = vaddq_n_u16(bits, (uint16_t)weight_bits);
        }
        weights += taps * PQS_DEPTHWISE_LANES;
    }
}

#endif /* PQS_MVE */

#endif /* PQS_PACKED_TAPS_H */
