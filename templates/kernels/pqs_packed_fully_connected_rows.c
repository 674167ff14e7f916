/* SPDX-License-Identifier: MIT-0 */
#include "pqs_helium.h"
#include "pqs_packed_fully_connected.h"

/* The inputs that are kept are gathered once for the channels that share them, each of which has a row of weights. */

/** Inputs of a block, which has sixteen weights in each row. */
#define PQS_ROW_BLOCK 32

/** Inputs whose positions are one pattern. */
#define PQS_ROW_PATTERN 8

/** Weights of a row that a pattern has. */
#define PQS_ROW_WEIGHTS 4

/** The offsets of the four inputs of each pattern, from bits 0, 8, 16 and 24 on. */
#define PQS_ROW_PATTERNS(second)                                                                                       \
    (second) | 0x0100u, (second) | 0x0200u, (second) | 0x0300u, (second) | 0x0201u, (second) | 0x0301u,                \
        (second) | 0x0302u
static const uint32_t pqs_row_offsets[PQS_PAIRS * PQS_PAIRS] = {
    PQS_ROW_PATTERNS(0x05040000u),
    PQS_ROW_PATTERNS(0x06040000u),
    PQS_ROW_PATTERNS(0x07040000u),
    PQS_ROW_PATTERNS(0x06050000u),
    PQS_ROW_PATTERNS(0x07050000u),
    PQS_ROW_PATTERNS(0x07060000u),
};

#if defined(PQS_MVE)

/** The inputs of a block that are kept, of which `count` exist; 0 for others. */
PQS_INLINE int8x16_t pqs_gather_row_block(const uint8_t *patterns, const int8_t *input, int32_t count)
{
    const int32_t bytes = (count + PQS_ROW_PATTERN - 1) / PQS_ROW_PATTERN;
    const mve_pred16_t some = vctp32q((uint32_t)bytes);
    const mve_pred16_t lanes = vctp8q((uint32_t)(PQS_ROW_WEIGHTS * bytes));
    const uint32x4_t starts = vmulq_n_u32(vidupq_n_u32(0, 1), 0x08080808u);
    const uint32x4_t four = vldrwq_gather_shifted_offset_z_u32(pqs_row_offsets, vldrbq_z_u32(patterns, some), some);
    const uint8x16_t offsets = vreinterpretq_u8_u32(vaddq_u32(four, starts));
    const mve_pred16_t exist = vcmpcsq_m_u8(vdupq_n_u8((uint8_t)(count - 1)), offsets, lanes);
    return vldrbq_gather_offset_z_s8(input, offsets, exist);
}

/** Adds the products of a block of which `count` inputs exist. */
PQS_INLINE void pqs_add_row_block(const int8_t *weights,
                                  const uint8_t *patterns,
                                  const int8_t *input,
                                  int32_t count,
                                  int32_t sums[PQS_PACKED_CHANNELS],
                                  int sharing)
{
    const int32_t bytes = (count + PQS_ROW_PATTERN - 1) / PQS_ROW_PATTERN;
    const int32_t step = PQS_ROW_WEIGHTS * bytes;
    const mve_pred16_t lanes = vctp8q((uint32_t)step);
    int8x16_t x = pqs_gather_row_block(patterns, input, count);
    sums[0] = vmladavaq_s8(sums[0], vldrbq_z_s8(weights, lanes), x);
    sums[1] = vmladavaq_s8(sums[1], vldrbq_z_s8(weights + step, lanes), x);
    if (sharing == 2) {
        x = pqs_gather_row_block(patterns + bytes, input, count);
    }
    sums[2] = vmladavaq_s8(sums[2], vldrbq_z_s8(weights + 2 * step, lanes), x);
    sums[3] = vmladavaq_s8(sums[3], vldrbq_z_s8(weights + 3 * step, lanes), x);
}

#else

/** The input at a place of a pattern; 0 where there is none. */
PQS_INLINE int32_t pqs_row_input(const int8_t *input, int32_t count, uint32_t pattern, int32_t index)
{
    const int32_t position = index / PQS_ROW_WEIGHTS * PQS_ROW_PATTERN +
                             (int32_t)(pqs_row_offsets[pattern] >> (8 * (index % PQS_ROW_WEIGHTS)) & 0xFFu);
    return position < count ? input[position] : 0;
}

/** Adds the products of a block of which `count` inputs exist. */
PQS_INLINE void pqs_add_row_block(const int8_t *weights,
                                  const uint8_t *patterns,
                                  const int8_t *input,
                                  int32_t count,
                                  int32_t sums[PQS_PACKED_CHANNELS],
                                  int sharing)
{
    const int32_t bytes = (count + PQS_ROW_PATTERN - 1) / PQS_ROW_PATTERN;
    const int32_t step = PQS_ROW_WEIGHTS * bytes;
    for (int32_t index = 0; index < step; index++) {
        const int32_t pattern = index / PQS_ROW_WEIGHTS;
        const int32_t x0 = pqs_row_input(input, count, patterns[pattern], index);
        const int32_t x2 = sharing == 2 ? pqs_row_input(input, count, patterns[bytes + pattern], index) : x0;
        sums[0] += weights[index] * x0;
        sums[1] += weights[step + index] * x0;
        sums[2] += weights[2 * step + index] * x2;
        sums[3] += weights[3 * step + index] * x2;
    }
}

#endif

#if defined(PQS_MVE) && defined(PQS_THUMB2_LOOPS)

/** Gathers the inputs of a block that are kept. */
#define PQS_ROW_GATHER                                                                                                 \
    "    vldrb.u32   q0, [%[patterns]], #4\n"                                                                          \
    "    vldrw.u32   q1, [%[offsets], q0, uxtw #2]\n"                                                                  \
    "    vadd.i8     q1, q1, %q[starts]\n"                                                                             \
    "    vldrb.u8    q0, [%[input], q1]\n"

/** Adds the products of the next row. */
#define PQS_ROW_PRODUCTS(sum)                                                                                          \
    "    vldrb.8     q1, [%[weights]], #16\n"                                                                          \
    "    vmladava.s8 " sum ", q1, q0\n"

/** Adds the products of `blocks` blocks. Inputs are gathered again, or not, between the rows of two channels each. */
#define PQS_ROW_LOOP(again)                                                                                            \
    __asm__ volatile("    dls         lr, %[blocks]\n"                                                                 \
                     "1:\n" PQS_ROW_GATHER PQS_ROW_PRODUCTS("%[sum0]") PQS_ROW_PRODUCTS("%[sum1]")                     \
                         again PQS_ROW_PRODUCTS("%[sum2]") PQS_ROW_PRODUCTS("%[sum3]")                                 \
                     "    add         %[input], %[input], #32\n"                                                       \
                     "    le          lr, 1b\n"                                                                        \
                     : [sum0] "+Te"(sums[0]),                                                                          \
                       [sum1] "+Te"(sums[1]),                                                                          \
                       [sum2] "+Te"(sums[2]),                                                                          \
                       [sum3] "+Te"(sums[3]),                                                                          \
                       [weights] "+r"(weights),                                                                        \
                       [patterns] "+l"(patterns),                                                                      \
                       [input] "+r"(input)                                                                             \
                     : [blocks] "r"(blocks), [offsets] "r"(pqs_row_offsets), [starts] "w"(starts)                      \
                     : "q0", "q1", "lr", "memory")

#endif

/** Adds the products of four channels. */
PQS_INLINE void pqs_sum_rows(const int8_t *weights,
                             const uint8_t *patterns,
                             const int8_t *input,
                             int32_t count,
                             int32_t sums[PQS_PACKED_CHANNELS],
                             int sharing)
{
#if defined(PQS_MVE) && defined(PQS_THUMB2_LOOPS)
    /* In assembly, since compilers do not add in place to four sums, and keep no addresses in step. */
    if (count >= PQS_ROW_BLOCK) {
        const int32_t blocks = count / PQS_ROW_BLOCK;
        const uint32x4_t starts = vmulq_n_u32(vidupq_n_u32(0, 1), 0x08080808u);
        if (sharing == 2) {
            PQS_ROW_LOOP(PQS_ROW_GATHER);
        } else {
            PQS_ROW_LOOP("");
        }
        count -= blocks * PQS_ROW_BLOCK;
    }
#else
    for (; count >= PQS_ROW_BLOCK; count -= PQS_ROW_BLOCK) {
        pqs_add_row_block(weights, patterns, input, PQS_ROW_BLOCK, sums, sharing);
        weights += PQS_ROW_BLOCK / 2 * PQS_PACKED_CHANNELS;
        patterns += PQS_ROW_BLOCK / PQS_ROW_PATTERN * (PQS_PACKED_CHANNELS / sharing);
        input += PQS_ROW_BLOCK;
    }
#endif
    if (count > 0) {
        pqs_add_row_block(weights, patterns, input, count, sums, sharing);
    }
}

#if defined(PQS_MVE)

/** Writes the outputs of four channels from the sums of their products. */
PQS_INLINE void pqs_row_outputs4(const pqs_packed_fully_connected_params *params,
                                 int32_t channel,
                                 const int32_t sums[PQS_PACKED_CHANNELS],
                                 int8_t *output,
                                 int rounding)
{
    int32x4_t four = vdupq_n_s32(sums[0]);
    four = vsetq_lane_s32(sums[1], four, 1);
    four = vsetq_lane_s32(sums[2], four, 2);
    four = vsetq_lane_s32(sums[3], four, 3);
    if (params->least_sums != NULL) {
        const int32x4_t least = vldrwq_s32(params->least_sums + channel);
        four = pqs_clamp4(four, least, vaddq_n_s32(least, params->sum_span));
    }
    const pqs_factors4 factors =
        pqs_make_factors4(vldrwq_s32(params->multipliers + channel), vldrbq_s32(params->shifts + channel), rounding);
    four = vaddq_n_s32(pqs_requantize4(four, factors, rounding), params->output_zero_point);
    vstrbq_s32(output + channel, pqs_clamp4(four, vdupq_n_s32(INT8_MIN), vdupq_n_s32(INT8_MAX)));
}

#endif

PQS_INLINE void pqs_fully_connected_packed_rows(
    const pqs_packed_fully_connected_params *params, const int8_t *input, int8_t *output, int sharing, int rounding)
{
    const int32_t bytes = (params->input_size + PQS_ROW_PATTERN - 1) / PQS_ROW_PATTERN;
    const int32_t step = bytes * PQS_ROW_WEIGHTS * PQS_PACKED_CHANNELS;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        const int8_t *weights = (const int8_t *)(const void *)params->weights;
        const uint8_t *patterns = params->patterns;
        for (int32_t channel = 0; channel < params->output_size; channel += PQS_PACKED_CHANNELS) {
            const int32_t count = pqs_packed_channels(params, channel);
            int32_t sums[PQS_PACKED_CHANNELS];
            pqs_packed_biases(params, channel, count, sums);
            pqs_sum_rows(weights, patterns, input, params->input_size, sums, sharing);
#if defined(PQS_MVE)
            if (PQS_LIKELY(count == PQS_PACKED_CHANNELS)) {
                pqs_row_outputs4(params, channel, sums, output, rounding);
            } else {
                pqs_packed_outputs(params, channel, count, sums, output, rounding);
            }
#else
            pqs_packed_outputs(params, channel, count, sums, output, rounding);
#endif
            weights += step;
            patterns += PQS_PACKED_CHANNELS / sharing * bytes;
        }
        pqs_clamp_elements(output, params->output_size, params->activation_min, params->activation_max);
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_packed_rows_double(const pqs_packed_fully_connected_params *params,
                                            const int8_t *input,
                                            int8_t *output)
{
    pqs_fully_connected_packed_rows(params, input, output, 4, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_packed_rows_single(const pqs_packed_fully_connected_params *params,
                                            const int8_t *input,
                                            int8_t *output)
{
    pqs_fully_connected_packed_rows(params, input, output, 4, PQS_ROUNDING_SINGLE);
}

void pqs_fully_connected_packed_rows_by2_double(const pqs_packed_fully_connected_params *params,
                                                const int8_t *input,
                                                int8_t *output)
{
    pqs_fully_connected_packed_rows(params, input, output, 2, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_packed_rows_by2_single(const pqs_packed_fully_connected_params *params,
                                                const int8_t *input,
                                                int8_t *output)
{
    pqs_fully_connected_packed_rows(params, input, output, 2, PQS_ROUNDING_SINGLE);
}
