/* SPDX-License-Identifier: MIT-0 */
#include "pqs_internal.h"

PQS_INLINE void
pqs_fully_connected(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output, int rounding)
{
    pqs_matrix matrix;
    matrix.weights = params->weights;
    matrix.bias = params->bias;
    matrix.multipliers = params->multipliers;
    matrix.shifts = params->shifts;
    matrix.depth = params->input_size;
    matrix.channels = params->output_size;
    matrix.zero_point = params->output_zero_point;
    matrix.lowest = params->activation_min;
    matrix.highest = params->activation_max;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        if (rounding == PQS_ROUNDING_DOUBLE) {
            pqs_multiply_column_double(&matrix, input, output);
        } else {
            pqs_multiply_column_single(&matrix, input, output);
        }
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_double(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected(params, input, output, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_single(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected(params, input, output, PQS_ROUNDING_SINGLE);
}
