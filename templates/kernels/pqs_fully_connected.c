/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix.h"

PQS_INLINE void pqs_fully_connected(
    const pqs_fully_connected_params *params, const int8_t *input, int8_t *output, int rounding, int exact)
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
    matrix.least_sums = params->least_sums;
    matrix.sum_span = params->sum_span;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        pqs_column(&matrix, input, output, rounding, exact);
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_double(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected(params, input, output, PQS_ROUNDING_DOUBLE, PQS_WIDE);
}

void pqs_fully_connected_single(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected(params, input, output, PQS_ROUNDING_SINGLE, PQS_WIDE);
}

void pqs_fully_connected_double_exact(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected(params, input, output, PQS_ROUNDING_DOUBLE, PQS_EXACT);
}

void pqs_fully_connected_single_exact(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected(params, input, output, PQS_ROUNDING_SINGLE, PQS_EXACT);
}
