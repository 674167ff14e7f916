/* SPDX-License-Identifier: MIT-0 */
#include "pqs_codes.h"
#include "pqs_requantize.h"

#if defined(PQS_MVE)

/*
 * Sixteen codes at a time, which a channel's codes are taken apart into once for all pixels: weights, and where their
 * inputs are in a column. For each of four pixels those inputs are gathered and multiplied. No lane is ever narrower
 * than 32 bits, so segments have no meaning here.
 */

/** Offsets of inputs have eight bits: so far reach the codes from one address. */
#define PQS_PACKED_WINDOW 256

/**
 * Takes a channel's codes apart: 16 offsets and 16 weights in turn, which are 0 in lanes without a code.
 *
 * @return the number of vectors of either.
 */
PQS_NOINLINE int32_t pqs_packed_decode(
    const pqs_code_lanes *lanes, int32_t position_bits, const int8_t *codes, int32_t count, uint8_t *vectors)
{
    const uint8x16_t mask = lanes->mask;
    const mve_pred16_t valid = vctp8q((uint32_t)lanes->codes);
    /* Where a window ends, the sum begins with 0 again. */
    uint8x16_t groups = lanes->groups;
    const int32_t each = lanes->codes;
    const uint8_t inputs = (uint8_t)lanes->inputs;
    const int32_t whole = (count - 1) / each;
    for (int32_t left = whole; left > 0; left--) {
        const int8x16_t code = vldrbq_z_s8(codes, valid);
        vstrbq_u8(vectors, pqs_code_offsets(code, groups, mask));
        vstrbq_s8((int8_t *)vectors + 16, vshlq_r_s8(code, -position_bits));
        groups = vaddq_n_u8(groups, inputs);
        codes += each;
        vectors += 32;
    }
    count -= whole * each;
    /* Lanes without a code take the window's first input, which surely exists. */
    const mve_pred16_t last = vctp8q((uint32_t)count);
    const int8x16_t code = vldrbq_z_s8(codes, last);
    const uint8x16_t offsets = pqs_code_offsets(code, groups, mask);
    vstrbq_u8(vectors, vpselq_u8(offsets, vdupq_n_u8(0), last));
    vstrbq_s8((int8_t *)vectors + 16, vshlq_r_s8(code, -position_bits));
    return whole + 1;
}

/** The same for codes whose positions are in a byte before each 8 / position_bits weights. */
PQS_NOINLINE int32_t pqs_wide_decode(
    const pqs_code_lanes *lanes, int32_t position_bits, const int8_t *codes, int32_t count, uint8_t *vectors)
{
    const int32_t each = 8 / position_bits;
    const uint8x16_t lane = vidupq_n_u8(0, 1);
    /* A run of weights is a power of two. */
    const int8_t run_bits = (int8_t)(each == 4 ? 2 : 1);
    const uint8x16_t run = vshlq_r_u8(lane, -run_bits);
    const uint8x16_t bytes = vmulq_n_u8(run, (uint8_t)(each + 1));
    const uint8x16_t index = vandq_u8(lane, vdupq_n_u8((uint8_t)(each - 1)));
    const uint8x16_t weights = vaddq_n_u8(vaddq_u8(bytes, index), 1);
    const int8x16_t shifts = vnegq_s8(vreinterpretq_s8_u8(vmulq_n_u8(index, (uint8_t)position_bits)));
    uint8x16_t groups = lanes->groups;
    int32_t steps = 0;
    for (; count > 0; count -= 16) {
        const mve_pred16_t valid = vctp8q((uint32_t)pqs_min(count, 16));
        const uint8x16_t packed = vldrbq_gather_offset_z_u8((const uint8_t *)codes, bytes, valid);
        const uint8x16_t offsets = vaddq_u8(vandq_u8(vshlq_u8(packed, shifts), lanes->mask), groups);
        /* Lanes without a code take the window's first input, which surely exists. */
        vstrbq_u8(vectors, vpselq_u8(offsets, vdupq_n_u8(0), valid));
        vstrbq_s8((int8_t *)vectors + 16, vldrbq_gather_offset_z_s8(codes, weights, valid));
        groups = vaddq_n_u8(groups, (uint8_t)lanes->inputs);
        codes += 16 + 16 / each;
        vectors += 32;
        steps++;
    }
    return steps;
}

/**
 * Adds the products of some vectors with columns, `pitch` apart, to their sums, four at a time.
 *
 * @param vectors `steps` times 16 offsets and 16 weights.
 */
PQS_INLINE void pqs_packed_multiply_quads(
    const uint8_t *vectors, int32_t steps, const int8_t *column, int32_t pitch, int32_t *sums, const int32_t *end)
{
    /* In assembly: the sums are in even registers, and the compiler finds no way that needs no others. */
    register const uint8_t *all __asm__("r10") = vectors;
    register int32_t step __asm__("r11") = pitch;
    register const int8_t *first __asm__("r1") = column;
    register int32_t *next __asm__("r12") = sums;
    __asm__ volatile("2:\n\t"
                     "add r3, r1, r11\n\t"
                     "add r5, r3, r11\n\t"
                     "add r8, r5, r11\n\t"
                     "mov r9, r10\n\t"
                     "ldrd r0, r2, [r12]\n\t"
                     "ldrd r4, r6, [r12, #8]\n\t"
                     "ldr lr, %[steps]\n\t"
                     "dls lr, lr\n"
                     "1:\n\t"
                     "vldrb.8 q0, [r9], #16\n\t"
                     "vldrb.8 q1, [r9], #16\n\t"
                     "vldrb.u8 q2, [r1, q0]\n\t"
                     "vldrb.u8 q3, [r3, q0]\n\t"
                     "vmladava.s8 r0, q1, q2\n\t"
                     "vldrb.u8 q2, [r5, q0]\n\t"
                     "vmladava.s8 r2, q1, q3\n\t"
                     "vldrb.u8 q3, [r8, q0]\n\t"
                     "vmladava.s8 r4, q1, q2\n\t"
                     "vmladava.s8 r6, q1, q3\n\t"
                     "le lr, 1b\n\t"
                     "ldr lr, %[end]\n\t"
                     "add r1, r8, r11\n\t"
                     "strd r0, r2, [r12], #8\n\t"
                     "strd r4, r6, [r12], #8\n\t"
                     "cmp r12, lr\n\t"
                     "bne 2b\n\t"
                     : "+r"(first), "+r"(next)
                     : "r"(all), "r"(step), [steps] "m"(steps), [end] "m"(end)
                     : "r0", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "lr", "q0", "q1", "q2", "q3", "cc", "memory");
}

/** Adds the products of some vectors with `count` columns, `pitch` apart, to their sums. */
PQS_NOINLINE void pqs_packed_multiply(
    const uint8_t *vectors, int32_t steps, const int8_t *column, int32_t pitch, int32_t count, int32_t *sums)
{
    const int32_t whole = count / 4 * 4;
    if (whole > 0) {
        pqs_packed_multiply_quads(vectors, steps, column, pitch, sums, sums + whole);
    }
    for (int32_t index = whole; index < count; index++) {
        /* Four times the same column: nothing after the last one is read. */
        int32_t same[4] = {sums[index], 0, 0, 0};
        pqs_packed_multiply_quads(vectors, steps, column + index * pitch, 0, same, same + 4);
        sums[index] = same[0];
    }
}

/** A channel's outputs of four sums. */
PQS_INLINE int32x4_t pqs_packed_requantize(int32x4_t sums, int32_t multiplier, int32_t shift, int32_t zero_point, int rounding)
{
    int32x4_t value;
    if (shift > -2) {
        int32_t values[4];
        vstrwq_s32(values, sums);
        for (int32_t lane = 0; lane < 4; lane++) {
            values[lane] = pqs_requantize(values[lane], multiplier, shift, zero_point, rounding);
        }
        return vldrwq_s32(values);
    }
    if (rounding == PQS_ROUNDING_DOUBLE) {
        /* A half is rounded away from 0, so a negative value comes to it from one less. */
        const int32x4_t high = vqrdmulhq_n_s32(sums, multiplier);
        value = vrshlq_n_s32(vaddq_s32(high, vshrq_n_s32(high, 31)), shift);
    } else {
        value = vrshlq_n_s32(vmulhq_s32(sums, vdupq_n_s32(multiplier)), shift + 1);
    }
    return vaddq_n_s32(value, zero_point);
}

/** Writes a channel's outputs, `step` elements apart. */
PQS_INLINE void pqs_packed_write(const pqs_packed_conv2d_params *params,
                                 int32_t channel,
                                 const int32_t *sums,
                                 int32_t count,
                                 int8_t *output,
                                 int rounding)
{
    const int32_t step = params->output_channels;
    const uint32x4_t offsets = vmulq_n_u32(vidupq_n_u32(0, 1), (uint32_t)step);
    const int32_t multiplier = params->multipliers[channel];
    const int32_t shift = params->shifts[channel];
    const int32_t zero_point = params->output_zero_point;
    const int32x4_t lowest = vdupq_n_s32(params->activation_min);
    const int32x4_t highest = vdupq_n_s32(params->activation_max);
    int32_t least = INT32_MIN;
    int32_t greatest = INT32_MAX;
    if (params->least_sums != NULL) {
        least = params->least_sums[channel];
        greatest = least + params->sum_span;
    }
    for (; count > 0; count -= 4) {
        int32x4_t value = vldrwq_s32(sums);
        value = vminq_s32(vmaxq_s32(value, vdupq_n_s32(least)), vdupq_n_s32(greatest));
        value = pqs_packed_requantize(value, multiplier, shift, zero_point, rounding);
        value = vminq_s32(vmaxq_s32(value, lowest), highest);
        if (count < 4) {
            vstrbq_scatter_offset_p_s32(output, offsets, value, vctp32q((uint32_t)count));
            break;
        }
        vstrbq_scatter_offset_s32(output, offsets, value);
        sums += 4;
        output += 4 * step;
    }
}

PQS_NOINLINE void pqs_packed_write_double(
    const pqs_packed_conv2d_params *params, int32_t channel, const int32_t *sums, int32_t count, int8_t *output)
{
    pqs_packed_write(params, channel, sums, count, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_packed_write_single(
    const pqs_packed_conv2d_params *params, int32_t channel, const int32_t *sums, int32_t count, int8_t *output)
{
    pqs_packed_write(params, channel, sums, count, output, PQS_ROUNDING_SINGLE);
}

/** Where codes are taken apart, and sums. */
typedef struct {
    uint8_t *vectors;
    int32_t *sums;
} pqs_packed_room;

/** Computes `count` pixels of which the columns lie `pitch` apart. */
PQS_INLINE void pqs_packed_columns(const pqs_packed_conv2d_params *params,
                                   const pqs_code_lanes *lanes,
                                   const int8_t *columns,
                                   int32_t pitch,
                                   int32_t count,
                                   int8_t *output,
                                   const pqs_packed_room *room,
                                   int rounding,
                                   int wide)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const int32_t group = 1 << params->position_bits;
    const int32_t codes = (depth + group - 1) / group * params->group_codes;
    const int8_t *next = params->weights;
    const int32_t window_steps = PQS_PACKED_WINDOW / lanes->inputs;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        const int8_t *column = columns;
        const uint8_t *vectors = room->vectors;
        int32_t left = wide ? pqs_wide_decode(lanes, params->position_bits, next, codes, room->vectors)
                            : pqs_packed_decode(lanes, params->position_bits, next, codes, room->vectors);
        for (int32_t pixel = 0; pixel < count; pixel += 4) {
            vstrwq_s32(room->sums + pixel, vdupq_n_s32(params->bias[channel]));
        }
        while (left > 0) {
            const int32_t steps = pqs_min(left, window_steps);
            pqs_packed_multiply(vectors, steps, column, pitch, count, room->sums);
            vectors += 32 * steps;
            column += window_steps * lanes->inputs;
            left -= steps;
        }
        if (rounding == PQS_ROUNDING_DOUBLE) {
            pqs_packed_write_double(params, channel, room->sums, count, output + channel);
        } else {
            pqs_packed_write_single(params, channel, room->sums, count, output + channel);
        }
        next += params->channel_codes;
    }
}

/** Copies `count` elements, sixteen at a time. */
PQS_INLINE void pqs_packed_copy(int8_t *target, const int8_t *source, int32_t count)
{
    /* The compiler makes no loops that end within a vector. */
    __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                     "1:\n\t"
                     "vldrb.8 q0, [%[source]], #16\n\t"
                     "vstrb.8 q0, [%[target]], #16\n\t"
                     "letp lr, 1b\n"
                     "2:\n\t"
                     : [source] "+&r"(source), [target] "+&r"(target)
                     : [count] "r"(count)
                     : "q0", "lr", "memory");
}

/** Sets `count` elements, sixteen at a time. */
PQS_INLINE void pqs_packed_fill(int8_t *target, int32_t value, int32_t count)
{
    const int8x16_t values = vdupq_n_s8((int8_t)value);
    __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                     "1:\n\t"
                     "vstrb.8 %q[values], [%[target]], #16\n\t"
                     "letp lr, 1b\n"
                     "2:\n\t"
                     : [target] "+&r"(target)
                     : [count] "r"(count), [values] "w"(values)
                     : "lr", "memory");
}

/** Copies the window at (origin_y, origin_x) of one image, the zero point where it lies outside. */
PQS_NOINLINE void pqs_packed_gather_column(
    const pqs_packed_conv2d_params *params, const int8_t *image, int32_t origin_y, int32_t origin_x, int8_t *column)
{
    const int32_t channels = params->input_channels;
    for (int32_t tap_y = 0; tap_y < params->kernel_height; tap_y++) {
        const int32_t y = origin_y + tap_y * params->dilation_height;
        const int inside = y >= 0 && y < params->input_height;
        const int8_t *row = image + (inside ? y : 0) * params->input_width * channels;
        if (inside && params->dilation_width == 1 && origin_x >= 0 &&
            origin_x + params->kernel_width <= params->input_width) {
            pqs_packed_copy(column, row + origin_x * channels, params->kernel_width * channels);
            column += params->kernel_width * channels;
            continue;
        }
        int32_t x = origin_x;
        for (int32_t tap = params->kernel_width; tap > 0; tap--) {
            if (inside && x >= 0 && x < params->input_width) {
                pqs_packed_copy(column, row + x * channels, channels);
            } else {
                pqs_packed_fill(column, params->input_zero_point, channels);
            }
            x += params->dilation_width;
            column += channels;
        }
    }
}

/** Pixels whose columns take as much scratch as the rows of other tiers do, less what the codes take. */
#define PQS_PACKED_COLUMNS 24

PQS_INLINE void pqs_conv2d_packed(
    const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding, int wide)
{
    const pqs_code_lanes lanes = pqs_get_code_lanes(params->position_bits, params->group_codes);
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    int8_t *const columns = (int8_t *)scratch + 4 * PQS_PACKED_COLUMNS;
    pqs_packed_room room;
    room.sums = (int32_t *)scratch;
    room.vectors = (uint8_t *)columns + PQS_PACKED_COLUMNS * depth;
    const int32_t image = params->input_height * params->input_width * params->input_channels;
    if (params->kernel_height == 1 && params->kernel_width == 1 && params->stride_height == 1 &&
        params->stride_width == 1 && params->padding_top == 0 && params->padding_left == 0) {
        /* A pixel's channels are the column already. */
        int32_t left = params->batches * params->output_height * params->output_width;
        const int32_t most = (PQS_PACKED_COLUMNS + PQS_PACKED_COLUMNS / 4 * depth) / 4 * 4;
        while (left > 0) {
            const int32_t pixels = pqs_min(left, most);
            pqs_packed_columns(params, &lanes, input, depth, pixels, output, &room, rounding, wide);
            input += pixels * depth;
            output += pixels * params->output_channels;
            left -= pixels;
        }
        return;
    }
    int32_t count = 0;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        int32_t origin_y = -params->padding_top;
        for (int32_t y = 0; y < params->output_height; y++) {
            int32_t origin_x = -params->padding_left;
            for (int32_t x = 0; x < params->output_width; x++) {
                if (count == PQS_PACKED_COLUMNS) {
                    pqs_packed_columns(params, &lanes, columns, depth, count, output, &room, rounding, wide);
                    output += count * params->output_channels;
                    count = 0;
                }
                pqs_packed_gather_column(params, input, origin_y, origin_x, columns + count * depth);
                count++;
                origin_x += params->stride_width;
            }
            origin_y += params->stride_height;
        }
        input += image;
    }
    pqs_packed_columns(params, &lanes, columns, depth, count, output, &room, rounding, wide);
}

void pqs_conv2d_packed_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_DOUBLE, 0);
}

void pqs_conv2d_packed_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_SINGLE, 0);
}

void pqs_conv2d_packed_wide_double(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_DOUBLE, 1);
}

void pqs_conv2d_packed_wide_single(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_SINGLE, 1);
}

#endif /* PQS_MVE */
