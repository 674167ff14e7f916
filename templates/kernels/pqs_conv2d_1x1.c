/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix_multiply.h"
#include "pqs_saturate.h"

/* A pixel's channels are the column already. Pixels are taken in pairs, across the ends of rows and batches. */
PQS_INLINE void
pqs_conv2d_1x1(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int rounding, int exact)
{
    const pqs_matrix matrix = pqs_conv2d_matrix(params, params->input_channels);
    const int32_t column_step = params->stride_width * params->input_channels;
    const int32_t row_step = params->stride_height * params->input_width * params->input_channels;
    const int32_t batch_step = params->input_height * params->input_width * params->input_channels;
    int8_t *const first_output = output;
    const int8_t *waiting = NULL;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        for (int32_t y = 0; y < params->output_height; y++) {
            const int8_t *column = input + y * row_step;
            for (int32_t x = 0; x < params->output_width; x++) {
                if (waiting == NULL) {
                    waiting = column;
                } else {
                    int8_t *next = output + matrix.channels;
                    pqs_two_columns(&matrix, waiting, column, output, next, rounding);
                    output = next + matrix.channels;
                    waiting = NULL;
                }
                column += column_step;
            }
        }
        input += batch_step;
    }
    if (waiting != NULL) {
        pqs_column(&matrix, waiting, output, rounding);
    }
    pqs_saturate_conv2d(params, first_output, rounding, exact);
}

void pqs_conv2d_1x1_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_conv2d_1x1(params, input, output, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_conv2d_1x1_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_conv2d_1x1(params, input, output, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_conv2d_1x1_double_exact(const pqs_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_conv2d_1x1(params, input, output, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_conv2d_1x1_single_exact(const pqs_conv2d_params *params, const int8_t *input, int8_t *output)
{
    pqs_conv2d_1x1(params, input, output, PQS_ROUNDING_SINGLE, PQS_EXACT);
}
