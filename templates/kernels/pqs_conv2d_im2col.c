/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix_columns.h"
#include "pqs_matrix_multiply.h"
#include "pqs_saturate.h"

/* Pixels are taken in pairs, across the ends of rows and batches. */
PQS_INLINE void pqs_conv2d_im2col(const pqs_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  int8_t *scratch,
                                  int rounding,
                                  int exact)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const pqs_matrix matrix = pqs_conv2d_matrix(params, depth);
    int8_t *const first = scratch;
    int8_t *const second = scratch + depth;
    int8_t *column = first;
    int8_t *const first_output = output;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                pqs_gather_column(params, input, origin_y, origin_x, column);
                if (column == first) {
                    column = second;
                } else {
                    int8_t *next = output + matrix.channels;
                    pqs_two_columns(&matrix, first, second, output, next, rounding);
                    output = next + matrix.channels;
                    column = first;
                }
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += params->input_height * params->input_width * params->input_channels;
    }
    if (column == second) {
        pqs_column(&matrix, first, output, rounding);
    }
    pqs_saturate_conv2d(params, first_output, rounding, exact);
}

void pqs_conv2d_im2col_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_conv2d_im2col_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_conv2d_im2col_double_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_conv2d_im2col_single_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch)
{
    pqs_conv2d_im2col(params, input, output, scratch, PQS_ROUNDING_SINGLE, PQS_EXACT);
}
