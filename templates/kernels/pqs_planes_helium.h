/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_planes_helium.h
 * @brief Depthwise convolution of a strip of rows, eight channels at once, for the Helium tier.
 */
#ifndef PQS_PLANES_HELIUM_H
#define PQS_PLANES_HELIUM_H

#include "pqs_helium.h"
#include "pqs_packed_taps.h"
#include "pqs_planes.h"

#if defined(PQS_MVE)

/** What eight channels of a strip are computed from. The first half of a pair has the even channels. */
typedef struct {
    const int8_t *pixels;  /* [rows][columns][8] */
    const int8_t *weights; /* [kernel_height][kernel_width][8] */
    int32_t is_usual;      /* a sum of two products fits a half, and all shifts are to the right */
    int32_t bias[2][4];
    int32_t multipliers[2][4];
    int32_t left[2][4];
    int32_t right[2][4];
} pqs_lanes;

/** Loads what eight channels of a layer, from `channel` on, are computed with; the weights of `taps` are theirs. */
PQS_NOINLINE void pqs_load_lanes(const pqs_depthwise_conv2d_params *params,
                                 int32_t channel,
                                 pqs_channel_taps taps,
                                 int8_t *weights,
                                 pqs_lanes *lanes,
                                 int rounding)
{
    int16_t lowest = 0;
    lanes->weights = weights;
    for (int32_t left = params->kernel_height * params->kernel_width; left > 0; left--) {
        const int16x8_t values = vldrbq_s16(taps.first);
        taps.first += taps.step;
        lowest = vminvq_s16(lowest, values);
        vstrbq_s16(weights, values);
        weights += PQS_DEPTHWISE_LANES;
    }
    int32_t farthest = INT32_MIN;
    for (int32_t i = 0; i < 2; i++) {
        const uint32x4_t offsets = vidupq_n_u32((uint32_t)i, 2);
        const int32x4_t multipliers = vldrwq_gather_shifted_offset_s32(params->multipliers + channel, offsets);
        const int32x4_t shifts = vldrbq_gather_offset_s32(params->shifts + channel, offsets);
        const pqs_factors4 factors = pqs_make_factors4(multipliers, shifts, rounding);
        farthest = vmaxvq_s32(farthest, vorrq_s32(factors.right, factors.left));
        vstrwq_s32(lanes->bias[i], vldrwq_gather_shifted_offset_s32(params->bias + channel, offsets));
        vstrwq_s32(lanes->multipliers[i], factors.multipliers);
        vstrwq_s32(lanes->left[i], factors.left);
        vstrwq_s32(lanes->right[i], factors.right);
    }
    lanes->is_usual = lowest > INT8_MIN && farthest < 0;
}

/** Copies the pixels of a strip's rows that lie inside one image, eight channels of each. */
PQS_NOINLINE void pqs_gather_lanes(const pqs_depthwise_conv2d_params *params,
                                   const pqs_strip *strip,
                                   const int8_t *image,
                                   int32_t channel,
                                   int8_t *pixels)
{
    const int32_t step = params->input_channels;
    const int32_t before = pqs_min(params->padding_left, strip->columns);
    const int32_t inside = pqs_min(params->input_width, strip->columns - before);
    const int32_t first_y = pqs_max(strip->origin_y, 0);
    const int32_t end_y = pqs_min(strip->origin_y + strip->rows, params->input_height);
    pixels += ((first_y - strip->origin_y) * strip->columns + before) * PQS_DEPTHWISE_LANES;
    for (int32_t y = first_y; y < end_y; y++) {
        const int8_t *source = image + y * params->input_width * step + channel;
        for (int32_t x = 0; x < inside; x++) {
            memcpy(pixels + x * PQS_DEPTHWISE_LANES, source, PQS_DEPTHWISE_LANES);
            source += step;
        }
        pixels += strip->columns * PQS_DEPTHWISE_LANES;
    }
}

/** Sums of even and of odd channels. */
typedef struct {
    int32x4_t even;
    int32x4_t odd;
} pqs_sums8;

PQS_INLINE pqs_sums8 pqs_add_products(pqs_sums8 sums, int16x8_t products)
{
    sums.even = vaddq_s32(sums.even, vmovlbq_s16(products));
    sums.odd = vaddq_s32(sums.odd, vmovltq_s16(products));
    return sums;
}

/** Adds the products of one tap. */
PQS_INLINE pqs_sums8 pqs_add_tap(pqs_sums8 sums, const int8_t *pixel, const int8_t *weights)
{
    return pqs_add_products(sums, vmulq_s16(vldrbq_s16(pixel), vldrbq_s16(weights)));
}

/* Two taps, whose products' sum fits a half, and one: operands of loads. */
#define PQS_ADD_PRODUCTS                                                                                               \
    "    vmovlb.s16 q3, q2\n"                                                                                          \
    "    vadd.i32 %q[even], %q[even], q3\n"                                                                            \
    "    vmovlt.s16 q3, q2\n"                                                                                          \
    "    vadd.i32 %q[odd], %q[odd], q3\n"
#define PQS_ADD_ONE(pixel, weights)                                                                                    \
    "    vldrb.s16 q2, [" pixel "]\n"                                                                                  \
    "    vldrb.s16 q3, [" weights "]\n"                                                                                \
    "    vmul.i16 q2, q2, q3\n" PQS_ADD_PRODUCTS
#define PQS_ADD_TWO(pixel0, weights0, pixel1, weights1)                                                                \
    "    vldrb.s16 q2, [" pixel0 "]\n"                                                                                 \
    "    vldrb.s16 q3, [" weights0 "]\n"                                                                               \
    "    vmul.i16 q2, q2, q3\n"                                                                                        \
    "    vldrb.s16 q3, [" pixel1 "]\n"                                                                                 \
    "    vldrb.s16 q4, [" weights1 "]\n"                                                                               \
    "    vmul.i16 q3, q3, q4\n"                                                                                        \
    "    vadd.i16 q2, q2, q3\n" PQS_ADD_PRODUCTS

/**
 * Adds the products of 3x3 neighbouring taps. In assembly, since compilers load so much so early that they run out of
 * registers, which doubles the instructions. They are told that `lanes` changes, lest they make pointers of its members
 * before.
 */
PQS_INLINE pqs_sums8 pqs_add_3x3(pqs_sums8 sums, const int8_t *row0, int32_t row_step, const pqs_lanes **lanes)
{
    const int8_t *weights = (*lanes)->weights;
    const int8_t *row1 = row0 + row_step;
    const int8_t *row2 = row1 + row_step;
    __asm__(PQS_ADD_TWO("%[row0]", "%[weights]", "%[row0], #8", "%[weights], #8")
            PQS_ADD_TWO("%[row0], #16", "%[weights], #16", "%[row1]", "%[weights], #24")
            PQS_ADD_TWO("%[row1], #8", "%[weights], #32", "%[row1], #16", "%[weights], #40")
            PQS_ADD_TWO("%[row2]", "%[weights], #48", "%[row2], #8", "%[weights], #56")
            PQS_ADD_ONE("%[row2], #16", "%[weights], #64")
            : [even] "+w"(sums.even), [odd] "+w"(sums.odd), "+r"(*lanes)
            : [row0] "r"(row0), [row1] "r"(row1), [row2] "r"(row2), [weights] "r"(weights)
            : "q2", "q3", "q4", "memory");
    return sums;
}

/** Adds the products of any taps; `step` is from tap to tap of a row. */
PQS_INLINE pqs_sums8 pqs_add_any(const pqs_depthwise_conv2d_params *params,
                                 pqs_sums8 sums,
                                 const int8_t *row,
                                 int32_t row_step,
                                 int32_t step,
                                 const int8_t *weights)
{
    for (int32_t rows = params->kernel_height; rows > 0; rows--) {
        const int8_t *pixel = row;
        for (int32_t taps = params->kernel_width; taps > 0; taps--) {
            sums = pqs_add_tap(sums, pixel, weights);
            pixel += step;
            weights += PQS_DEPTHWISE_LANES;
        }
        row += row_step;
    }
    return sums;
}

/** Requantizes four sums of even or of odd channels; `usual`, a constant, is pqs_lanes.is_usual. */
PQS_INLINE int32x4_t pqs_requantize_lanes(
    const pqs_lanes *lanes, int32_t half, int32x4_t sums, int usual, int rounding)
{
    if (!usual) {
        sums = vshlq_s32(sums, vldrwq_s32(lanes->left[half]));
    }
    const int32x4_t multipliers = vldrwq_s32(lanes->multipliers[half]);
    const int32x4_t right = vldrwq_s32(lanes->right[half]);
    if (!usual) {
        return pqs_requantize_right4(sums, multipliers, right, rounding);
    }
    if (rounding == PQS_ROUNDING_SINGLE) {
        return vrshlq_s32(vmulhq_s32(sums, multipliers), right);
    }
    sums = vqrdmulhq_s32(sums, multipliers);
    return vrshlq_s32(vaddq_s32(sums, vshrq_n_s32(sums, 31)), right);
}

/**
 * The nearest int8_t of values plus a zero point, in natural order. In assembly, since compilers copy registers before
 * instructions that keep half of them.
 */
PQS_INLINE int16x8_t pqs_narrow_lanes(pqs_sums8 values, int32_t zero_point)
{
    __asm__("    vqmovnb.s32 %q[even], %q[even]\n"
            "    vqmovnt.s32 %q[even], %q[odd]\n"
            "    vqadd.s16 %q[even], %q[even], %[zero_point]\n"
            "    vqmovnb.s16 %q[even], %q[even]\n"
            : [even] "+w"(values.even)
            : [odd] "w"(values.odd), [zero_point] "r"(zero_point));
    return vreinterpretq_s16_s32(values.even);
}

/** Computes eight channels of a strip; usual ones, whose kernel is 3x3, by code of their own. */
PQS_INLINE void pqs_convolve_lanes(const pqs_depthwise_conv2d_params *params,
                                   const pqs_strip *strip,
                                   const pqs_lanes *lanes,
                                   int usual,
                                   int8_t *output,
                                   int rounding)
{
    const int32_t step = params->dilation_width * PQS_DEPTHWISE_LANES;
    const int32_t row_step = strip->row_step * PQS_DEPTHWISE_LANES;
    const int32_t pixel_step = strip->stride_width * PQS_DEPTHWISE_LANES;
    const int32_t output_step = strip->output_step;
    const int32_t output_width = strip->output_width;
    const int32_t next_row = strip->stride_height * strip->columns * PQS_DEPTHWISE_LANES - output_width * pixel_step;
    const int32_t zero_point = strip->zero_point;
    const int8_t *pixels = lanes->pixels;
    for (int32_t rows = strip->output_rows; rows > 0; rows--) {
        for (int32_t left = output_width; left > 0; left--) {
            pqs_sums8 sums;
            PQS_OPAQUE(lanes);
            sums.even = vldrwq_s32(lanes->bias[0]);
            sums.odd = vldrwq_s32(lanes->bias[1]);
            if (usual) {
                sums = pqs_add_3x3(sums, pixels, row_step, &lanes);
            } else {
                sums = pqs_add_any(params, sums, pixels, row_step, step, lanes->weights);
            }
            sums.even = pqs_requantize_lanes(lanes, 0, sums.even, usual, rounding);
            sums.odd = pqs_requantize_lanes(lanes, 1, sums.odd, usual, rounding);
            vstrbq_s16(output, pqs_narrow_lanes(sums, zero_point));
            output += output_step;
            pixels += pixel_step;
            PQS_OPAQUE(pixels);
        }
        pixels += next_row;
    }
}

/** The same, whether usual or not. */
PQS_INLINE void pqs_convolve_lanes_of(const pqs_depthwise_conv2d_params *params,
                                      const pqs_strip *strip,
                                      const pqs_lanes *lanes,
                                      int8_t *output,
                                      int rounding)
{
    if (lanes->is_usual && pqs_is_3x3(params)) {
        pqs_convolve_lanes(params, strip, lanes, 1, output, rounding);
    } else {
        pqs_convolve_lanes(params, strip, lanes, 0, output, rounding);
    }
}

/* Out of line, one for each form, so that the registers are the loops' alone. */

PQS_NOINLINE void pqs_convolve_lanes_double(
    const pqs_depthwise_conv2d_params *params, const pqs_strip *strip, const pqs_lanes *lanes, int8_t *output)
{
    pqs_convolve_lanes_of(params, strip, lanes, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_convolve_lanes_single(
    const pqs_depthwise_conv2d_params *params, const pqs_strip *strip, const pqs_lanes *lanes, int8_t *output)
{
    pqs_convolve_lanes_of(params, strip, lanes, output, PQS_ROUNDING_SINGLE);
}

/**
 * Computes the strip of one image: eight channels at a time, the last eight once more in part where some are left.
 * `packed` is the layer's packed weights or the constant NULL.
 */
PQS_INLINE void pqs_depthwise_strip_helium(const pqs_depthwise_conv2d_params *params,
                                           const pqs_packed_depthwise_conv2d_params *packed,
                                           const pqs_strip *strip,
                                           const int8_t *image,
                                           int8_t *weights,
                                           int8_t *pixels,
                                           int8_t *output,
                                           int rounding)
{
    const int32_t channels = params->input_channels;
    memset(pixels, (int)params->input_zero_point, (size_t)(strip->rows * strip->columns * PQS_DEPTHWISE_LANES));
    for (int32_t next = 0; next < channels; next += PQS_DEPTHWISE_LANES) {
        const int32_t channel = pqs_min(next, channels - PQS_DEPTHWISE_LANES);
        pqs_lanes lanes;
        lanes.pixels = pixels;
        pqs_channel_taps taps;
        if (packed != NULL) {
            pqs_unpack_lanes(packed, channel, weights);
            taps.first = weights;
            taps.step = PQS_DEPTHWISE_LANES;
        } else {
            taps.first = params->weights + channel;
            taps.step = channels;
        }
        pqs_load_lanes(params, channel, taps, weights, &lanes, rounding);
        pqs_gather_lanes(params, strip, image, channel, pixels);
        if (rounding == PQS_ROUNDING_DOUBLE) {
            pqs_convolve_lanes_double(params, strip, &lanes, output + channel);
        } else {
            pqs_convolve_lanes_single(params, strip, &lanes, output + channel);
        }
    }
}

#endif

#endif /* PQS_PLANES_HELIUM_H */
