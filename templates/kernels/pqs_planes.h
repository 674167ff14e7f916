/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_planes.h
 * @brief Depthwise convolution of a strip of rows, channel by channel.
 *
 * The input rows of the strip are taken apart into planes, one for each channel, with padding around them: the products
 * of a channel's pixels then share weights and factors, which stay in registers.
 */
#ifndef PQS_PLANES_H
#define PQS_PLANES_H

#include "pqs_requantize.h"

/*
 * Elements of planes, as the tier's loads want them: unsigned on cores whose loads of signed bytes take no offset. Where
 * there are long products, kernels of 3x3 taps have planes of words, see pqs_planes_words.h.
 */
#if defined(PQS_NO_LONG_MULTIPLY)
typedef uint8_t pqs_plane;
#define PQS_PLANE_OFFSET 128
#else
typedef int8_t pqs_plane;
#define PQS_PLANE_OFFSET 0
#endif

/** Planes that a strip's scratch holds: see PQS_DEPTHWISE_SCRATCH_SIZE. */
#define PQS_PLANES 8

/** A strip: rows of output, and the planes that they are computed from. */
typedef struct {
    int32_t output_rows;
    int32_t output_width;
    int32_t output_step; /* from pixel to pixel */
    int32_t origin_y;    /* of the first input row, which may lie in the padding */
    int32_t rows;        /* of a plane, padding included */
    int32_t columns;     /* likewise; even */
    int32_t row_step;    /* in planes, from tap to tap of a column */
    int32_t stride_height;
    int32_t stride_width;
    int32_t zero_point; /* of the output */
    const pqs_plane *plane;
    const int32_t *weights; /* of kernels of 3x3 taps, and what else is made for a channel */
} pqs_strip;

/** What turns the sums of one output channel into outputs. */
typedef struct {
    int32_t bias;
    int32_t multiplier;
    int32_t shift;
} pqs_plane_factors;

/** True for a channel of the kernels of 3x3 taps, see pqs_is_3x3. Their sums and outputs are those of moderate sums. */
PQS_INLINE int pqs_suits_3x3(const pqs_plane_factors *factors, int rounding)
{
    return pqs_shifts_moderately(factors->shift, rounding) && pqs_is_moderate(factors->bias);
}

/** Where elements are taken from and to. */
typedef struct {
    const int8_t *source;
    int32_t source_step; /* from pixel to pixel */
    int32_t source_row;  /* from row to row */
    pqs_plane *plane;
    int32_t plane_row;
    int32_t size; /* of a plane */
    int32_t rows;
    int32_t width;
} pqs_taking;

/** Takes one channel's elements out of an image. */
PQS_INLINE void pqs_take_1(const pqs_taking *taking, int32_t channel)
{
    const int8_t *source = taking->source + channel;
    pqs_plane *plane = taking->plane + channel * taking->size;
    for (int32_t y = 0; y < taking->rows; y++) {
        for (int32_t x = 0; x < taking->width; x++) {
            plane[x] = (pqs_plane)(source[x * taking->source_step] + PQS_PLANE_OFFSET);
            PQS_OPAQUE(source);
        }
        source += taking->source_row;
        plane += taking->plane_row;
    }
}

/** Takes four neighbouring channels' elements out of an image, column by column. */
PQS_INLINE void pqs_take_4(const pqs_taking *taking)
{
    const int32_t step = taking->source_step;
    const int32_t size = taking->size;
    for (int32_t x = 0; x < taking->width; x++) {
        const int8_t *source = taking->source + x * step;
        pqs_plane *plane = taking->plane + x;
        for (int32_t rows = taking->rows; rows > 0; rows--) {
            plane[0] = (pqs_plane)(source[0] + PQS_PLANE_OFFSET);
            plane[size] = (pqs_plane)(source[1] + PQS_PLANE_OFFSET);
            plane[2 * size] = (pqs_plane)(source[2] + PQS_PLANE_OFFSET);
            plane[3 * size] = (pqs_plane)(source[3] + PQS_PLANE_OFFSET);
            source += taking->source_row;
            plane += taking->plane_row;
            PQS_OPAQUE(plane);
        }
    }
}

/** Sets all elements of a strip's planes to the zero point. What lies outside the input keeps it. */
PQS_INLINE void pqs_clear_planes(const pqs_depthwise_conv2d_params *params, const pqs_strip *strip, pqs_plane *planes)
{
    const size_t size = (size_t)(PQS_PLANES * strip->rows * strip->columns);
    memset(planes, params->input_zero_point + PQS_PLANE_OFFSET, size);
}

/** Takes what of a strip's rows lies inside one image out of it, from `channel` on, for `count` planes. */
PQS_NOINLINE void pqs_gather_planes(const pqs_depthwise_conv2d_params *params,
                                    const pqs_strip *strip,
                                    const int8_t *image,
                                    int32_t channel,
                                    int32_t count,
                                    pqs_plane *planes)
{
    const int32_t before = pqs_min(params->padding_left, strip->columns);
    const int32_t first_y = pqs_max(strip->origin_y, 0);
    pqs_taking taking;
    taking.source_step = params->input_channels;
    taking.source_row = params->input_width * params->input_channels;
    taking.source = image + first_y * taking.source_row + channel;
    taking.plane = planes + (first_y - strip->origin_y) * strip->columns + before;
    taking.plane_row = strip->columns;
    taking.size = strip->rows * strip->columns;
    taking.rows = pqs_min(strip->origin_y + strip->rows, params->input_height) - first_y;
    taking.width = pqs_min(params->input_width, strip->columns - before);
    for (; count >= 4; count -= 4) {
        pqs_take_4(&taking);
        taking.source += 4;
        taking.plane += 4 * taking.size;
    }
    for (int32_t i = 0; i < count; i++) {
        pqs_take_1(&taking, i);
    }
}

/** True for the kernels of three by three neighbouring taps, which most are. */
PQS_INLINE int pqs_is_3x3(const pqs_depthwise_conv2d_params *params)
{
    return params->kernel_height == 3 && params->kernel_width == 3 && params->dilation_width == 1;
}

/** An output channel's weights, one for each tap, `step` apart. */
typedef struct {
    const int8_t *first;
    int32_t step;
} pqs_channel_taps;

/* ---- Any kernel ---- */

/** Neighbouring pixels that share the loads of weights: as many as registers serve. */
#if defined(PQS_NO_LONG_MULTIPLY)
#define PQS_KEPT_PIXELS 2
#else
#define PQS_KEPT_PIXELS 4
#endif

/** A tap whose weight is not zero. */
typedef struct {
    int32_t place; /* in a plane, from a pixel's first tap */
    int32_t weight;
} pqs_kept_tap;

/** Those of an output channel. */
typedef struct {
    const pqs_kept_tap *first;
    int32_t count;
    int32_t offset; /* what the bias of planes with an offset has to make up for */
} pqs_kept_taps;

/**
 * Lists the taps that are kept. With a step of 1 the list may lie over the weights, which are read before they are
 * written over: a list of all taps may end where the weights do, or up to 7 bytes behind.
 */
PQS_INLINE pqs_kept_taps pqs_keep_taps(const pqs_depthwise_conv2d_params *params,
                                       const pqs_strip *strip,
                                       pqs_channel_taps taps,
                                       pqs_kept_tap *list)
{
    pqs_kept_tap *next = list;
    int32_t sum = 0;
    for (int32_t row = 0; row < params->kernel_height; row++) {
        for (int32_t column = 0; column < params->kernel_width; column++) {
            const int32_t weight = *taps.first;
            taps.first += taps.step;
            if (weight != 0) {
                next->place = row * strip->row_step + column * params->dilation_width;
                next->weight = weight;
                next++;
                sum += weight;
            }
        }
    }
    pqs_kept_taps kept;
    kept.first = list;
    kept.count = (int32_t)(next - list);
    kept.offset = PQS_PLANE_OFFSET * sum;
    return kept;
}

/** Computes `pixels` neighbouring pixels, a constant. */
PQS_INLINE void pqs_pixels_kept(const pqs_strip *strip,
                                const pqs_plane_factors *factors,
                                const pqs_kept_taps *kept,
                                const pqs_plane *plane,
                                int32_t pixels,
                                int8_t *output,
                                int rounding)
{
    const int32_t step = strip->stride_width;
    const pqs_kept_tap *tap = kept->first;
    int32_t sums[PQS_KEPT_PIXELS];
    for (int32_t pixel = 0; pixel < pixels; pixel++) {
        sums[pixel] = factors->bias;
    }
    for (int32_t left = kept->count; left > 0; left--) {
        const pqs_plane *source = plane + tap->place;
        const int32_t weight = tap->weight;
        tap++;
        for (int32_t pixel = 0; pixel < pixels; pixel++) {
            sums[pixel] += weight * source[pixel * step];
        }
    }
    for (int32_t pixel = 0; pixel < pixels; pixel++) {
        *output = (int8_t)pqs_requantize(sums[pixel], factors->multiplier, factors->shift, strip->zero_point, rounding);
        output += strip->output_step;
    }
}

/** Computes one output channel of a strip. */
PQS_INLINE void pqs_convolve_kept(const pqs_strip *strip,
                                  const pqs_plane_factors *factors,
                                  const pqs_kept_taps *kept,
                                  int8_t *output,
                                  int rounding)
{
    for (int32_t y = 0; y < strip->output_rows; y++) {
        const pqs_plane *plane = strip->plane + y * strip->stride_height * strip->columns;
        int32_t x = 0;
        for (; x + PQS_KEPT_PIXELS <= strip->output_width; x += PQS_KEPT_PIXELS) {
            pqs_pixels_kept(strip, factors, kept, plane, PQS_KEPT_PIXELS, output, rounding);
            plane += PQS_KEPT_PIXELS * strip->stride_width;
            output += PQS_KEPT_PIXELS * strip->output_step;
        }
        for (; x < strip->output_width; x++) {
            pqs_pixels_kept(strip, factors, kept, plane, 1, output, rounding);
            plane += strip->stride_width;
            output += strip->output_step;
        }
    }
}

#endif /* PQS_PLANES_H */
