/* SPDX-License-Identifier: MIT-0 */
#include "pqs_saturate.h"

/** Channels that are clamped together: as many elements as a register holds. */
#if defined(PQS_MVE)
#define PQS_CLAMPED_CHANNELS 16
#elif defined(PQS_DSP)
#define PQS_CLAMPED_CHANNELS 4
#else
#define PQS_CLAMPED_CHANNELS 1
#endif

/** Bounds of outputs, by channel. */
typedef struct {
    int8_t lowest[PQS_CLAMPED_CHANNELS];
    int8_t highest[PQS_CLAMPED_CHANNELS];
} pqs_output_bounds;

/** A limit of sums, or the farthest that a sum of this shift can be if that is less: see docs/numerics.md, PQS0212. */
PQS_INLINE int32_t pqs_limit_in_reach(int32_t limit, int32_t shift)
{
    const int32_t farthest = shift < -20 ? (1 << 30) - 1 : (INT32_MAX - 511) >> pqs_max(shift + 1, 0);
    return pqs_clamp(limit, -farthest, farthest);
}

/** The output of a limit. Out of line, since it is computed twice for a channel of a layer, and no more. */
PQS_NOINLINE int32_t
pqs_output_of_limit(const pqs_saturation *saturation, int32_t channel, int32_t limit, int rounding)
{
    const int32_t shift = saturation->shifts[channel];
    const int32_t value = pqs_requantize(pqs_limit_in_reach(limit, shift),
                                         saturation->multipliers[channel],
                                         shift,
                                         saturation->zero_point,
                                         rounding);
    return pqs_clamp(value, saturation->lowest, saturation->highest);
}

/** Clamps `count` channels, at most PQS_CLAMPED_CHANNELS, of pixels that are `step` apart. */
PQS_NOINLINE void pqs_clamp_channels(
    const pqs_output_bounds *bounds, int32_t count, int32_t pixels, int32_t step, int8_t *output)
{
#if defined(PQS_MVE)
    const mve_pred16_t lanes = vctp8q((uint32_t)count);
    const int8x16_t lowest = vldrbq_z_s8(bounds->lowest, lanes);
    const int8x16_t highest = vldrbq_z_s8(bounds->highest, lanes);
    for (; pixels > 0; pixels--) {
        vstrbq_p_s8(output, vminq_s8(vmaxq_s8(vldrbq_z_s8(output, lanes), lowest), highest), lanes);
        output += step;
    }
#else
#if defined(PQS_DSP)
    if (count == PQS_CLAMPED_CHANNELS) {
        const uint32_t lowest = pqs_load4(bounds->lowest);
        const uint32_t highest = pqs_load4(bounds->highest);
        for (; pixels > 0; pixels--) {
            pqs_store4(output, pqs_min_lanes(pqs_max_lanes(pqs_load4(output), lowest), highest));
            output += step;
        }
        return;
    }
#endif
    for (int32_t channel = 0; channel < count; channel++) {
        const int32_t lowest = bounds->lowest[channel];
        const int32_t highest = bounds->highest[channel];
        int8_t *next = output + channel;
        for (int32_t left = pixels; left > 0; left--) {
            *next = (int8_t)pqs_clamp(*next, lowest, highest);
            next += step;
        }
    }
#endif
}

PQS_INLINE void
pqs_saturate_outputs(const pqs_saturation *saturation, int32_t pixels, int8_t *output, int rounding)
{
    for (int32_t first = 0; first < saturation->channels; first += PQS_CLAMPED_CHANNELS) {
        const int32_t count = pqs_min(saturation->channels - first, PQS_CLAMPED_CHANNELS);
        pqs_output_bounds bounds;
        int shows = 0;
        for (int32_t i = 0; i < count; i++) {
            const int32_t least = saturation->least_sums[first + i];
            const int32_t lowest = pqs_output_of_limit(saturation, first + i, least, rounding);
            const int32_t highest = pqs_output_of_limit(saturation, first + i, least + saturation->sum_span, rounding);
            bounds.lowest[i] = (int8_t)lowest;
            bounds.highest[i] = (int8_t)highest;
            shows = shows || lowest > saturation->lowest || highest < saturation->highest;
            PQS_OPAQUE(i);
        }
        if (shows) {
            pqs_clamp_channels(&bounds, count, pixels, saturation->channels, output + first);
        }
    }
}

void pqs_saturate_outputs_double(const pqs_saturation *saturation, int32_t pixels, int8_t *output)
{
    pqs_saturate_outputs(saturation, pixels, output, PQS_ROUNDING_DOUBLE);
}

void pqs_saturate_outputs_single(const pqs_saturation *saturation, int32_t pixels, int8_t *output)
{
    pqs_saturate_outputs(saturation, pixels, output, PQS_ROUNDING_SINGLE);
}
