/* SPDX-License-Identifier: MIT-0 */
#include "pqs_matrix.h"

/*
 * A word has the weights of four channels for one input, each plus 128, so that it is in 0..255; inputs are taken plus
 * 128 as well. The sum of (w + 128) * x is the sum of w * x, and 128 times the sum of x, which all channels share.
 */

/** Channels of a block. */
#define PQS_QUAD_CHANNELS 4

/** A weight or an input plus 128: flips the sign's bit. */
#define PQS_QUAD_OFFSET 0x80u

#if defined(PQS_MVE)

/** Sums of the products of a block's weights plus 128 and the inputs plus 128. */
PQS_NOINLINE void
pqs_sum_quad(const uint32_t *words, const int8_t *input, int32_t depth, uint32_t sums[PQS_QUAD_CHANNELS])
{
    const uint8_t *weights = (const uint8_t *)(const void *)words;
    const uint8x16_t offset = vdupq_n_u8(PQS_QUAD_OFFSET);
    uint32_t sum0 = 0;
    uint32_t sum1 = 0;
    uint32_t sum2 = 0;
    uint32_t sum3 = 0;
    for (; depth >= 16; depth -= 16) {
        const uint8x16_t x = veorq_u8(vreinterpretq_u8_s8(vldrbq_s8(input)), offset);
        const uint8x16x4_t w = vld4q_u8(weights);
        sum0 = vmladavaq_u8(sum0, w.val[0], x);
        sum1 = vmladavaq_u8(sum1, w.val[1], x);
        sum2 = vmladavaq_u8(sum2, w.val[2], x);
        sum3 = vmladavaq_u8(sum3, w.val[3], x);
        weights += 64;
        input += 16;
    }
    if (depth > 0) {
        /* Lanes beyond the last input have weights of 0. */
        const mve_pred16_t lanes = vctp8q((uint32_t)depth);
        const uint8x16_t offsets = vshlq_n_u8(vidupq_n_u8(0, 1), 2);
        const uint8x16_t x = veorq_u8(vreinterpretq_u8_s8(vldrbq_z_s8(input, lanes)), offset);
        sum0 = vmladavaq_u8(sum0, vldrbq_gather_offset_z_u8(weights, offsets, lanes), x);
        sum1 = vmladavaq_u8(sum1, vldrbq_gather_offset_z_u8(weights + 1, offsets, lanes), x);
        sum2 = vmladavaq_u8(sum2, vldrbq_gather_offset_z_u8(weights + 2, offsets, lanes), x);
        sum3 = vmladavaq_u8(sum3, vldrbq_gather_offset_z_u8(weights + 3, offsets, lanes), x);
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
}

#elif defined(PQS_NO_LONG_MULTIPLY)

/** Adds the products of an input's weights. */
PQS_INLINE void pqs_add_quad_bytes(const uint8_t *weights, int32_t input, uint32_t sums[PQS_QUAD_CHANNELS])
{
    const uint32_t x = (uint32_t)(input + 128);
    sums[0] += weights[0] * x;
    sums[1] += weights[1] * x;
    sums[2] += weights[2] * x;
    sums[3] += weights[3] * x;
    PQS_OPAQUE3(sums[0], sums[1], sums[2]);
    PQS_OPAQUE(sums[3]);
}

/** Sums of the products of a block's weights plus 128 and the inputs plus 128. */
PQS_NOINLINE void
pqs_sum_quad(const uint32_t *words, const int8_t *input, int32_t depth, uint32_t sums[PQS_QUAD_CHANNELS])
{
    const uint8_t *weights = (const uint8_t *)(const void *)words;
    uint32_t block[PQS_QUAD_CHANNELS] = {0, 0, 0, 0};
    for (; depth >= 4; depth -= 4) {
        pqs_add_quad_bytes(weights, input[0], block);
        pqs_add_quad_bytes(weights + 4, input[1], block);
        pqs_add_quad_bytes(weights + 8, input[2], block);
        pqs_add_quad_bytes(weights + 12, input[3], block);
        weights += 16;
        input += 4;
    }
    for (; depth > 0; depth--) {
        pqs_add_quad_bytes(weights, *input++, block);
        weights += 4;
    }
    memcpy(sums, block, sizeof block);
}

#else

/*
 * A word w0 + w1 * 2^8 + w2 * 2^16 + w3 * 2^24 times an input, in 64 bits, adds to four sums at once, which overlap;
 * turned and masked it is w2 + w1 * 2^24, whose two sums do not, up to 257 products. Less these, the first has two sums
 * that do not overlap either: three instructions for four products.
 */

/** Bits of a lane. */
#define PQS_QUAD_LANE 24

/** Products that are added before lanes are read: 256 * 255 * 255 < 2^24. */
#define PQS_QUAD_PRODUCTS 256

/** Sums of 64 bits. */
typedef struct {
    uint64_t all;    /* of w0 + w1 * 2^8 + w2 * 2^16 + w3 * 2^24 */
    uint64_t middle; /* of w2 + w1 * 2^24 */
} pqs_quad_sums;

PQS_INLINE void pqs_add_quad(pqs_quad_sums *sums, uint32_t word, uint32_t x, uint32_t mask)
{
    sums->all += (uint64_t)word * x;
    sums->middle += (uint64_t)(((word >> 16) | (word << 16)) & mask) * x;
}

/* Compilers make products and additions of it. Without optimisation they may want the registers for themselves. */
#if defined(PQS_THUMB2_LOOPS)

/** Adds the products of `count` inputs, a multiple of four that is not 0. */
PQS_INLINE void
pqs_add_quads(pqs_quad_sums *sums, const uint32_t **words, const int8_t **input, int32_t count, uint32_t mask)
{
    uint32_t word;
    uint32_t next;
    uint32_t four;
    uint32_t x;
    __asm__ volatile("1:  ldr   %[four], [%[input]], #4\n"
                     "    ldrd  %[word], %[next], [%[words]], #8\n"
                     "    eor   %[four], %[four], #0x80808080\n"
                     "    uxtb  %[x], %[four]\n"
                     "    umlal %Q[all], %R[all], %[word], %[x]\n"
                     "    and   %[word], %[mask], %[word], ror #16\n"
                     "    umlal %Q[middle], %R[middle], %[word], %[x]\n"
                     "    ubfx  %[x], %[four], #8, #8\n"
                     "    umlal %Q[all], %R[all], %[next], %[x]\n"
                     "    and   %[next], %[mask], %[next], ror #16\n"
                     "    umlal %Q[middle], %R[middle], %[next], %[x]\n"
                     "    ldrd  %[word], %[next], [%[words]], #8\n"
                     "    ubfx  %[x], %[four], #16, #8\n"
                     "    umlal %Q[all], %R[all], %[word], %[x]\n"
                     "    and   %[word], %[mask], %[word], ror #16\n"
                     "    umlal %Q[middle], %R[middle], %[word], %[x]\n"
                     "    lsr   %[x], %[four], #24\n"
                     "    umlal %Q[all], %R[all], %[next], %[x]\n"
                     "    and   %[next], %[mask], %[next], ror #16\n"
                     "    umlal %Q[middle], %R[middle], %[next], %[x]\n"
                     "    subs  %[count], %[count], #4\n"
                     "    bne   1b\n"
                     : [all] "+r"(sums->all), [middle] "+r"(sums->middle), [words] "+r"(*words), [input] "+r"(*input),
                       [count] "+r"(count), [word] "=&r"(word), [next] "=&r"(next), [four] "=&r"(four), [x] "=&r"(x)
                     : [mask] "r"(mask)
                     : "cc", "memory");
}

#else

PQS_INLINE void
pqs_add_quads(pqs_quad_sums *sums, const uint32_t **words, const int8_t **input, int32_t count, uint32_t mask)
{
    for (; count > 0; count--) {
        pqs_add_quad(sums, *(*words)++, ((uint32_t)*(*input)++ & 0xFFu) ^ PQS_QUAD_OFFSET, mask);
    }
}

#endif

/** Sums of the products of a block's weights plus 128 and the inputs plus 128. */
PQS_NOINLINE void
pqs_sum_quad(const uint32_t *words, const int8_t *input, int32_t depth, uint32_t sums[PQS_QUAD_CHANNELS])
{
    uint32_t mask = 0xFF0000FFu;
    PQS_OPAQUE(mask);
    for (int32_t channel = 0; channel < PQS_QUAD_CHANNELS; channel++) {
        sums[channel] = 0;
    }
    while (depth > 0) {
        const int32_t count = pqs_min(depth, PQS_QUAD_PRODUCTS);
        pqs_quad_sums block = {0, 0};
        depth -= count;
        if (count >= 4) {
            pqs_add_quads(&block, &words, &input, count - count % 4, mask);
        }
        for (int32_t rest = count % 4; rest > 0; rest--) {
            pqs_add_quad(&block, *words++, ((uint32_t)*input++ & 0xFFu) ^ PQS_QUAD_OFFSET, mask);
        }
        const uint64_t sum1 = block.middle >> PQS_QUAD_LANE;
        const uint64_t sum2 = block.middle & ((1u << PQS_QUAD_LANE) - 1u);
        const uint64_t outer = block.all - (sum1 << 8) - (sum2 << 16);
        sums[0] += (uint32_t)outer & ((1u << PQS_QUAD_LANE) - 1u);
        sums[1] += (uint32_t)sum1;
        sums[2] += (uint32_t)sum2;
        sums[3] += (uint32_t)(outer >> PQS_QUAD_LANE);
    }
}

#endif

/** The sum of the inputs plus 128. */
PQS_INLINE uint32_t pqs_sum_quad_inputs(const int8_t *input, int32_t depth)
{
    int32_t sum = 128 * depth;
    for (; depth > 0; depth--) {
        sum += *input++;
    }
    return (uint32_t)sum;
}

/** The sum of the products of a row of weights, as they are, and the inputs plus 128. */
PQS_NOINLINE int32_t pqs_sum_plain_row(const int8_t *weights, const int8_t *input, int32_t depth)
{
    int32_t sum = 0;
#if defined(PQS_MVE)
    int32_t all = 0;
    for (; depth > 0; depth -= 16) {
        const mve_pred16_t lanes = vctp8q((uint32_t)depth);
        const int8x16_t w = vldrbq_z_s8(weights, lanes);
        sum = vmladavaq_s8(sum, w, vldrbq_z_s8(input, lanes));
        all = vaddvaq_s8(all, w);
        weights += 16;
        input += 16;
    }
    sum += 128 * all;
#else
#if defined(PQS_DSP)
    for (; depth >= 4; depth -= 4) {
        const uint32_t w = pqs_load4(weights);
        const uint32_t x = pqs_load4(input) ^ 0x80808080u;
        sum = pqs_multiply_add_halves(pqs_even_lanes(w), x & 0x00FF00FFu, sum);
        sum = pqs_multiply_add_halves(pqs_odd_lanes(w), x >> 8 & 0x00FF00FFu, sum);
        weights += 4;
        input += 4;
    }
#endif
    for (; depth > 0; depth--) {
        sum += *weights++ * (*input++ + 128);
    }
#endif
    return sum;
}

/**
 * The sum of a channel's products; where `exact`, changed so that with the bias it is the saturated sum. Sums are
 * saturated, not outputs, since a channel has few outputs here.
 */
PQS_INLINE int32_t
pqs_saturate_products(const pqs_fully_connected_params *params, int32_t channel, int32_t products, int exact)
{
    if (!exact) {
        return products;
    }
    const int32_t bias = params->bias[channel];
    const int32_t least = params->least_sums[channel];
    return pqs_clamp(bias + products, least, least + params->sum_span) - bias;
}

#if defined(PQS_MVE)

/** The same of four channels. */
PQS_INLINE int32x4_t
pqs_saturate_products4(const pqs_fully_connected_params *params, int32_t channel, int32x4_t products, int exact)
{
    if (!exact) {
        return products;
    }
    const int32x4_t bias = vldrwq_s32(params->bias + channel);
    const int32x4_t least = vldrwq_s32(params->least_sums + channel);
    return vsubq_s32(pqs_clamp4(vaddq_s32(bias, products), least, vaddq_n_s32(least, params->sum_span)), bias);
}

#endif

/** Multiplies a matrix, stored in blocks, by one column. */
PQS_INLINE void pqs_fully_connected_row(const pqs_fully_connected_params *params,
                                        const pqs_matrix *matrix,
                                        const int8_t *input,
                                        int8_t *output,
                                        int rounding,
                                        int exact)
{
    const uint32_t *words = (const uint32_t *)(const void *)params->weights;
    const uint32_t inputs = PQS_QUAD_OFFSET * pqs_sum_quad_inputs(input, matrix->depth);
    int32_t channel = 0;
    for (; channel + PQS_QUAD_CHANNELS <= matrix->channels; channel += PQS_QUAD_CHANNELS) {
        uint32_t sums[PQS_QUAD_CHANNELS];
        pqs_sum_quad(words, input, matrix->depth, sums);
        words += matrix->depth;
#if defined(PQS_MVE)
        const pqs_channels4 channels = pqs_load_channels4(matrix, channel, rounding);
        const int32x4_t products = vreinterpretq_s32_u32(vsubq_n_u32(vldrwq_u32(sums), inputs));
        pqs_output_channels4(
            matrix, &channels, pqs_saturate_products4(params, channel, products, exact), output + channel, rounding);
#else
        for (int32_t index = 0; index < PQS_QUAD_CHANNELS; index++) {
            const int32_t products = (int32_t)(sums[index] - inputs);
            output[channel + index] = pqs_output_of(
                matrix, channel + index, pqs_saturate_products(params, channel + index, products, exact), rounding);
        }
#endif
    }
    const int8_t *rest = (const int8_t *)(const void *)words;
    for (; channel < matrix->channels; channel++) {
        const int32_t products = pqs_sum_plain_row(rest, input, matrix->depth);
        output[channel] =
            pqs_output_of(matrix, channel, pqs_saturate_products(params, channel, products, exact), rounding);
        rest += matrix->depth;
    }
    pqs_clamp_elements(output, matrix->channels, matrix->lowest, matrix->highest);
}

PQS_INLINE void pqs_fully_connected(
    const pqs_fully_connected_params *params, const int8_t *input, int8_t *output, int rounding, int exact)
{
    pqs_matrix matrix;
    matrix.weights = NULL;
    matrix.bias = params->bias;
    matrix.multipliers = params->multipliers;
    matrix.shifts = params->shifts;
    matrix.depth = params->input_size;
    matrix.channels = params->output_size;
    matrix.zero_point = params->output_zero_point;
    matrix.lowest = params->activation_min;
    matrix.highest = params->activation_max;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        pqs_fully_connected_row(params, &matrix, input, output, rounding, exact);
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
