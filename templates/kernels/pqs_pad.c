/* SPDX-License-Identifier: MIT-0 */
#include "pqs_internal.h"

/** Writes `count` pad values and returns where the next element goes. */
PQS_INLINE int8_t *pqs_fill(int8_t *output, int32_t value, int32_t count)
{
    memset(output, (int)value, (size_t)count);
    return output + count;
}

void pqs_pad(const pqs_pad_params *params, const int8_t *input, int8_t *output)
{
    const int32_t *shape = params->input_shape;
    const int32_t *before = params->before;
    const int32_t *after = params->after;
    const int32_t value = params->pad_value;
    const int32_t pixel = before[3] + shape[3] + after[3];
    const int32_t row = (before[2] + shape[2] + after[2]) * pixel;
    const int32_t image = (before[1] + shape[1] + after[1]) * row;
    output = pqs_fill(output, value, before[0] * image);
    for (int32_t batch = 0; batch < shape[0]; batch++) {
        output = pqs_fill(output, value, before[1] * row);
        for (int32_t y = 0; y < shape[1]; y++) {
            output = pqs_fill(output, value, before[2] * pixel);
            if (pixel == shape[3]) {
                memcpy(output, input, (size_t)(shape[2] * pixel));
                input += shape[2] * pixel;
                output += shape[2] * pixel;
            } else {
                for (int32_t x = 0; x < shape[2]; x++) {
                    output = pqs_fill(output, value, before[3]);
                    memcpy(output, input, (size_t)shape[3]);
                    input += shape[3];
                    output = pqs_fill(output + shape[3], value, after[3]);
                }
            }
            output = pqs_fill(output, value, after[2] * pixel);
        }
        output = pqs_fill(output, value, after[1] * row);
    }
    (void)pqs_fill(output, value, after[0] * image);
}
