/* SPDX-License-Identifier: MIT-0 */
#include "pqs_codes.h"
#include "pqs_requantize.h"
#include "pqs_stored.h"

#if defined(PQS_MVE)

/** The sum of a channel's products, starting from `sum`. */
PQS_INLINE int32_t pqs_sum_codes(const pqs_code_lanes *lanes,
                                 int32_t position_bits,
                                 const int8_t *codes,
                                 int32_t count,
                                 const int8_t *input,
                                 int32_t sum)
{
    const mve_pred16_t valid = vctp8q((uint32_t)lanes->codes);
    for (; count > lanes->codes; count -= lanes->codes) {
        const int8x16_t code = vldrbq_z_s8(codes, valid);
        const int8x16_t values = vldrbq_gather_offset_s8(input, pqs_code_offsets(code, lanes->groups, lanes->mask));
        sum = vmladavaq_s8(sum, vshlq_r_s8(code, -position_bits), values);
        codes += lanes->codes;
        input += lanes->inputs;
    }
    const mve_pred16_t last = vctp8q((uint32_t)count);
    const int8x16_t code = vldrbq_z_s8(codes, last);
    const int8x16_t values =
        vldrbq_gather_offset_z_s8(input, pqs_code_offsets(code, lanes->groups, lanes->mask), last);
    return vmladavaq_s8(sum, vshlq_r_s8(code, -position_bits), values);
}

#else

/** The sum of a channel's products, starting from `sum`. */
PQS_INLINE int32_t
pqs_sum_codes(const int8_t *codes, const int8_t *end, const int8_t *input, int32_t position_bits, int32_t group_codes, int32_t sum)
{
    const int32_t size = pqs_shift_left(1, position_bits);
    while (codes != end) {
        for (int32_t left = group_codes; left > 0; left--) {
            const int32_t code = *codes++;
            sum += (code >> position_bits) * input[code & (size - 1)];
        }
        input += size;
    }
    return sum;
}

#endif

/** The sum of a channel's products, starting from `sum`; moves on to the next channel's weights. */
PQS_INLINE int32_t pqs_sum_masked(pqs_stored *stored, const int8_t *input, int32_t depth, int32_t sum)
{
    const int8_t *weights = stored->weights;
    for (;;) {
        uint32_t mask = pqs_load_mask(&stored->positions, depth);
        while (mask != 0) {
            const uint32_t position = pqs_first_position(mask);
            sum += *weights++ * input[position];
            mask = pqs_without_position(mask, position);
        }
        if (depth <= PQS_MASK_BITS) {
            break;
        }
        depth -= PQS_MASK_BITS;
        input += PQS_MASK_BITS;
        PQS_OPAQUE(depth);
    }
    stored->weights = weights;
    return sum;
}

/** Writes a channel's output. */
PQS_INLINE void pqs_write_sparse(
    const pqs_sparse_fully_connected_params *params, int32_t channel, int32_t sum, int8_t *output, int rounding)
{
    if (params->least_sums != NULL) {
        const int32_t least = params->least_sums[channel];
        sum = pqs_clamp(sum, least, least + params->sum_span);
    }
    output[channel] = (int8_t)pqs_requantize(
        sum, params->multipliers[channel], params->shifts[channel], params->output_zero_point, rounding);
}

PQS_INLINE void pqs_fully_connected_sparse_masked(const pqs_sparse_fully_connected_params *params,
                                                  const int8_t *input,
                                                  int8_t *output,
                                                  int rounding)
{
    pqs_stored stored;
    stored.weights = params->weights;
    stored.positions = params->positions;
    stored.group_codes = 0;
    stored.position_bits = 0;
    for (int32_t channel = 0; channel < params->output_size; channel++) {
        const int32_t sum = pqs_sum_masked(&stored, input, params->input_size, params->bias[channel]);
        pqs_write_sparse(params, channel, sum, output, rounding);
    }
}

PQS_INLINE void pqs_fully_connected_sparse_coded(const pqs_sparse_fully_connected_params *params,
                                                 const int8_t *input,
                                                 int8_t *output,
                                                 int rounding)
{
    const int32_t bits = params->position_bits;
    const int32_t kept = params->group_codes;
    const int32_t count = (((params->input_size - 1) >> bits) + 1) * kept;
    const int8_t *codes = params->weights;
#if defined(PQS_MVE)
    const pqs_code_lanes lanes = pqs_get_code_lanes(bits, kept);
#endif
    for (int32_t channel = 0; channel < params->output_size; channel++) {
        int32_t sum = params->bias[channel];
#if defined(PQS_MVE)
        sum = pqs_sum_codes(&lanes, bits, codes, count, input, sum);
#else
        /* Constants where they are most common. */
        if (bits == 2 && kept == 2) {
            sum = pqs_sum_codes(codes, codes + count, input, 2, 2, sum);
        } else if (bits == 2 && kept == 1) {
            sum = pqs_sum_codes(codes, codes + count, input, 2, 1, sum);
        } else {
            sum = pqs_sum_codes(codes, codes + count, input, bits, kept, sum);
        }
#endif
        codes += count;
        pqs_write_sparse(params, channel, sum, output, rounding);
    }
}

PQS_INLINE void pqs_fully_connected_sparse(
    const pqs_sparse_fully_connected_params *params, const int8_t *input, int8_t *output, int rounding)
{
    for (int32_t batch = 0; batch < params->batches; batch++) {
        if (params->positions != NULL) {
            pqs_fully_connected_sparse_masked(params, input, output, rounding);
        } else {
            pqs_fully_connected_sparse_coded(params, input, output, rounding);
        }
        pqs_clamp_elements(output, params->output_size, params->activation_min, params->activation_max);
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_sparse_double(const pqs_sparse_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected_sparse(params, input, output, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_sparse_single(const pqs_sparse_fully_connected_params *params, const int8_t *input, int8_t *output)
{
    pqs_fully_connected_sparse(params, input, output, PQS_ROUNDING_SINGLE);
}
