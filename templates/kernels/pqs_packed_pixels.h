/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_packed_pixels.h
 * @brief The pixels of the output one after another, and what their windows cover, for the convolutions of pruned weights.
 */
#ifndef PQS_PACKED_PIXELS_H
#define PQS_PACKED_PIXELS_H

#include "pqs_internal.h"

/** A pixel of the output, and where its window is. */
typedef struct {
    int32_t image; /* where its image starts in the input */
    int32_t origin_y;
    int32_t origin_x;
    int32_t left_in_row; /* pixels of the output's row, from this one on */
    int32_t left_in_image; /* rows of the output's image, from this one on */
} pqs_packed_pixel;

/** The first one. */
PQS_INLINE pqs_packed_pixel pqs_packed_first_pixel(const pqs_packed_conv2d_params *params)
{
    pqs_packed_pixel pixel;
    pixel.image = 0;
    pixel.origin_y = -params->padding_top;
    pixel.origin_x = -params->padding_left;
    pixel.left_in_row = params->output_width;
    pixel.left_in_image = params->output_height;
    return pixel;
}

/** Moves on to the next pixel. */
PQS_INLINE void pqs_packed_advance(const pqs_packed_conv2d_params *params, pqs_packed_pixel *pixel)
{
    pixel->origin_x += params->stride_width;
    if (--pixel->left_in_row == 0) {
        pixel->left_in_row = params->output_width;
        pixel->origin_x = -params->padding_left;
        pixel->origin_y += params->stride_height;
        if (--pixel->left_in_image == 0) {
            pixel->left_in_image = params->output_height;
            pixel->origin_y = -params->padding_top;
            pixel->image += params->input_height * params->input_width * params->input_channels;
        }
    }
}

/** The input under a tap of a pixel's window; NULL outside the input. */
PQS_INLINE const int8_t *pqs_packed_tap(const pqs_packed_conv2d_params *params,
                                        const int8_t *input,
                                        const pqs_packed_pixel *pixel,
                                        int32_t tap_y,
                                        int32_t tap_x)
{
    const int32_t y = pixel->origin_y + tap_y * params->dilation_height;
    const int32_t x = pixel->origin_x + tap_x * params->dilation_width;
    if (y < 0 || y >= params->input_height || x < 0 || x >= params->input_width) {
        return NULL;
    }
    return input + pixel->image + (y * params->input_width + x) * params->input_channels;
}

#endif /* PQS_PACKED_PIXELS_H */
