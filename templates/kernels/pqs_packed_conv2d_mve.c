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
 * @param vectors cleared before the first channel: nothing is written to lanes after the last code.
 */
PQS_NOINLINE void pqs_packed_decode(
    const pqs_code_lanes *lanes, int32_t position_bits, const int8_t *codes, int32_t count, uint8_t *vectors)
{
    const uint8x16_t mask = lanes->mask;
    /* Where a window ends, the sum begins with 0 again. */
    uint8x16_t groups = lanes->groups;
    const int32_t inputs = lanes->inputs;
    const int32_t shift = -position_bits;
    if (lanes->codes == 16) {
        /* The compiler makes no loops that end within a vector. */
        __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                         "1:\n\t"
                         "vldrb.8 q0, [%[codes]], #16\n\t"
                         "vand q1, q0, %q[mask]\n\t"
                         "vadd.i8 q1, q1, %q[groups]\n\t"
                         "vshl.s8 q0, %[shift]\n\t"
                         "vstrb.8 q1, [%[vectors]], #16\n\t"
                         "vstrb.8 q0, [%[vectors]], #16\n\t"
                         "vadd.i8 %q[groups], %q[groups], %[inputs]\n\t"
                         "letp lr, 1b\n"
                         "2:\n\t"
                         : [codes] "+&r"(codes), [vectors] "+&r"(vectors), [groups] "+&w"(groups)
                         : [count] "r"(count), [shift] "r"(shift), [inputs] "r"(inputs), [mask] "w"(mask)
                         : "q0", "q1", "lr", "memory");
        return;
    }
    for (; count > 0; count -= lanes->codes) {
        const mve_pred16_t valid = vctp8q((uint32_t)pqs_min(count, lanes->codes));
        const int8x16_t code = vldrbq_z_s8(codes, valid);
        vstrbq_p_u8(vectors, pqs_code_offsets(code, groups, mask), valid);
        vstrbq_s8((int8_t *)vectors + 16, vshlq_r_s8(code, shift));
        groups = vaddq_n_u8(groups, (uint8_t)inputs);
        codes += lanes->codes;
        vectors += 32;
    }
}

/** The same for codes whose positions are in a byte before each 8 / position_bits weights. */
PQS_NOINLINE void pqs_wide_decode(
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
    for (; count > 0; count -= 16) {
        const mve_pred16_t valid = vctp8q((uint32_t)pqs_min(count, 16));
        const uint8x16_t packed = vldrbq_gather_offset_z_u8((const uint8_t *)codes, bytes, valid);
        const uint8x16_t offsets = vaddq_u8(vandq_u8(vshlq_u8(packed, shifts), lanes->mask), groups);
        vstrbq_p_u8(vectors, offsets, valid);
        vstrbq_s8((int8_t *)vectors + 16, vldrbq_gather_offset_z_s8(codes, weights, valid));
        groups = vaddq_n_u8(groups, (uint8_t)lanes->inputs);
        codes += 16 + 16 / each;
        vectors += 32;
    }
}

/** Four pixels: where their windows are, their places in the output, and their sums for one channel. */
typedef struct {
    const int8_t *windows[4];
    uint32_t outputs[4];
    int32_t sums[4];
} pqs_packed_quad;

/*
 * The sums of quads are in assembly: they are in even registers, and the compiler finds no way that needs no others.
 * Windows are in r1, r3, r5 and r8, sums in r0, r2, r4 and r6; r9 runs through the vectors, r10 through the quads.
 */

/** Begins with four pixels. */
#define PQS_PACKED_BEGIN                                                                                               \
    "1:\n\t"                                                                                                           \
    "ldrd r5, r8, [r10, #8]\n\t"                                                                                       \
    "ldrd r1, r3, [r10], #48\n\t"                                                                                      \
    "ldr r9, %[vectors]\n\t"

/** Multiplies a vector: vmladav begins the sums, vmladava adds to them. */
#define PQS_PACKED_STEP(multiply)                                                                                      \
    "vldrb.8 q0, [r9], #16\n\t"                                                                                        \
    "vldrb.8 q1, [r9], #16\n\t"                                                                                        \
    "vldrb.u8 q2, [r1, q0]\n\t"                                                                                        \
    "vldrb.u8 q3, [r3, q0]\n\t" multiply ".s8 r0, q1, q2\n\t"                                                          \
    "vldrb.u8 q2, [r5, q0]\n\t" multiply ".s8 r2, q1, q3\n\t"                                                          \
    "vldrb.u8 q3, [r8, q0]\n\t" multiply ".s8 r4, q1, q2\n\t" multiply ".s8 r6, q1, q3\n\t"

/** Stores the sums. */
#define PQS_PACKED_END                                                                                                 \
    "vmov d0, r0, r2\n\t"                                                                                              \
    "vmov d1, r4, r6\n\t"                                                                                              \
    "vstrw.32 q0, [r10, #-16]\n\t"

/** What the loops over quads overwrite. */
#define PQS_PACKED_REGISTERS "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "lr", "q0", "q1", "q2", "q3"

/**
 * Sums of the products of a channel's weights with the windows of all quads.
 *
 * @param vectors `steps` times, at least once, 16 offsets and 16 weights, all offsets from the window's first input.
 */
PQS_NOINLINE void
pqs_packed_multiply(const uint8_t *vectors, int32_t steps, pqs_packed_quad *quads, const pqs_packed_quad *end)
{
    register pqs_packed_quad *next __asm__("r10") = quads;
    register int32_t more __asm__("r11") = steps - 1;
    register const pqs_packed_quad *last __asm__("r12") = end;
    __asm__ volatile(PQS_PACKED_BEGIN PQS_PACKED_STEP(
                         "vmladav") "wls lr, r11, 3f\n"
                                    "2:\n\t" PQS_PACKED_STEP("vmladava") "le lr, 2b\n"
                                                                         "3:\n\t" PQS_PACKED_END "cmp r10, r12\n\t"
                                                                         "bne 1b\n\t"
                     : "+r"(next)
                     : "r"(more), "r"(last), [vectors] "m"(vectors)
                     : PQS_PACKED_REGISTERS, "cc", "memory");
}

/** Moves the windows on by PQS_PACKED_WINDOW. */
#define PQS_PACKED_ADVANCE                                                                                             \
    "add r1, r1, #256\n\t"                                                                                             \
    "add r3, r3, #256\n\t"                                                                                             \
    "add r5, r5, #256\n\t"                                                                                             \
    "add r8, r8, #256\n\t"

/** The same where after `reach` steps offsets count from PQS_PACKED_WINDOW inputs further on, for so many at most. */
PQS_NOINLINE void pqs_packed_multiply_far(
    const uint8_t *vectors, int32_t steps, int32_t reach, pqs_packed_quad *quads, const pqs_packed_quad *end)
{
    register pqs_packed_quad *next __asm__("r10") = quads;
    register int32_t more __asm__("r11") = reach - 1;
    register int32_t rest __asm__("r12") = steps - reach;
    __asm__ volatile(PQS_PACKED_BEGIN PQS_PACKED_STEP(
                         "vmladav") "wls lr, r11, 3f\n"
                                    "2:\n\t" PQS_PACKED_STEP("vmladava") "le lr, 2b\n"
                                                                         "3:\n\t" PQS_PACKED_ADVANCE "dls lr, r12\n"
                                                                         "4:\n\t" PQS_PACKED_STEP(
                                                                             "vmladava") "le lr, 4b\n\t" PQS_PACKED_END
                                                                                         "ldr lr, %[end]\n\t"
                                                                                         "cmp r10, lr\n\t"
                                                                                         "bne 1b\n\t"
                     : "+r"(next)
                     : "r"(more), "r"(rest), [vectors] "m"(vectors), [end] "m"(end)
                     : PQS_PACKED_REGISTERS, "cc", "memory");
}

/** The same where offsets count from further on after each `reach` steps. */
PQS_NOINLINE void pqs_packed_multiply_farther(
    const uint8_t *vectors, int32_t steps, int32_t reach, pqs_packed_quad *quads, const pqs_packed_quad *end)
{
    const int32_t rest = steps - reach;
    register pqs_packed_quad *next __asm__("r10") = quads;
    register int32_t more __asm__("r11") = reach - 1;
    __asm__ volatile(PQS_PACKED_BEGIN PQS_PACKED_STEP(
                         "vmladav") "ldr r12, %[rest]\n\t"
                                    "wls lr, r11, 3f\n"
                                    "2:\n\t" PQS_PACKED_STEP("vmladava") "le lr, 2b\n"
                                                                         "3:\n\t" PQS_PACKED_ADVANCE "cmp r12, r11\n\t"
                                                                         "csinc lr, r12, r11, le\n\t"
                                                                         "sub r12, r12, lr\n\t"
                                                                         "dls lr, lr\n"
                                                                         "4:\n\t" PQS_PACKED_STEP(
                                                                             "vmladava") "le lr, 4b\n\t"
                                                                                         "cmp r12, #0\n\t"
                                                                                         "bne 3b\n\t" PQS_PACKED_END
                                                                                         "ldr lr, %[end]\n\t"
                                                                                         "cmp r10, lr\n\t"
                                                                                         "bne 1b\n\t"
                     : "+r"(next)
                     : "r"(more), [vectors] "m"(vectors), [rest] "m"(rest), [end] "m"(end)
                     : PQS_PACKED_REGISTERS, "r12", "cc", "memory");
}

/** The least and the greatest output of a channel. */
typedef struct {
    int32_t lowest;
    int32_t highest;
} pqs_packed_range;

/**
 * What is left of a channel's range of outputs where sums are saturated. A multiplier is positive, so a greater sum
 * never has a smaller output: outputs of saturated sums are those of the sums themselves, between those of the limits.
 */
PQS_INLINE pqs_packed_range pqs_packed_get_range(const pqs_packed_conv2d_params *params, int32_t channel, int rounding)
{
    pqs_packed_range range = {params->activation_min, params->activation_max};
    if (params->least_sums != NULL) {
        const int32_t multiplier = params->multipliers[channel];
        const int32_t shift = params->shifts[channel];
        const int32_t least = params->least_sums[channel];
        const int32_t greatest = least + params->sum_span;
        const int32_t low = pqs_requantize(least, multiplier, shift, params->output_zero_point, rounding);
        const int32_t high = pqs_requantize(greatest, multiplier, shift, params->output_zero_point, rounding);
        range.lowest = pqs_clamp(low, params->activation_min, params->activation_max);
        range.highest = pqs_clamp(high, params->activation_min, params->activation_max);
    }
    return range;
}

/** Writes a channel's outputs one by one. */
PQS_INLINE void pqs_packed_write_each(const pqs_packed_conv2d_params *params,
                                      int32_t channel,
                                      const pqs_packed_quad *quads,
                                      const pqs_packed_quad *end,
                                      int8_t *output,
                                      int rounding)
{
    const int32_t multiplier = params->multipliers[channel];
    const int32_t shift = params->shifts[channel];
    const pqs_packed_range range = pqs_packed_get_range(params, channel, rounding);
    for (; quads != end; quads++) {
        for (int32_t pixel = 0; pixel < 4; pixel++) {
            const int32_t sum = quads->sums[pixel] + params->bias[channel];
            const int32_t value = pqs_requantize(sum, multiplier, shift, params->output_zero_point, rounding);
            output[quads->outputs[pixel] + (uint32_t)channel] = (int8_t)pqs_clamp(value, range.lowest, range.highest);
        }
    }
}

/** Writes a channel's outputs. */
PQS_INLINE void pqs_packed_write(const pqs_packed_conv2d_params *params,
                                 int32_t channel,
                                 const pqs_packed_quad *quads,
                                 const pqs_packed_quad *end,
                                 int8_t *output,
                                 int rounding)
{
    const int32_t shift = params->shifts[channel];
    if (shift > -2) {
        pqs_packed_write_each(params, channel, quads, end, output, rounding);
        return;
    }
    const int32x4_t multiplier = vdupq_n_s32(params->multipliers[channel]);
    const int32_t bias = params->bias[channel];
    const int32_t zero_point = params->output_zero_point;
    const pqs_packed_range range = pqs_packed_get_range(params, channel, rounding);
    const int32x4_t lowest = vdupq_n_s32(range.lowest);
    const int32x4_t highest = vdupq_n_s32(range.highest);
    output += channel;
    const int32_t *sums = quads->sums;
    for (int32_t left = (int32_t)(end - quads); left > 0; left--) {
        const uint32x4_t places = vreinterpretq_u32_s32(vldrwq_s32(sums - 4));
        int32x4_t value = vaddq_n_s32(vldrwq_s32(sums), bias);
        sums += sizeof(pqs_packed_quad) / sizeof *sums;
        if (rounding == PQS_ROUNDING_DOUBLE) {
            /* A half is rounded away from 0, so a negative value comes to it from one less. */
            value = vqrdmulhq_s32(value, multiplier);
            value = vrshlq_n_s32(vaddq_s32(value, vshrq_n_s32(value, 31)), shift);
        } else {
            value = vrshlq_n_s32(vmulhq_s32(value, multiplier), shift + 1);
        }
        value = vminq_s32(vmaxq_s32(vaddq_n_s32(value, zero_point), lowest), highest);
        vstrbq_scatter_offset_s32(output, places, value);
    }
}

PQS_NOINLINE void pqs_packed_write_double(const pqs_packed_conv2d_params *params,
                                          int32_t channel,
                                          const pqs_packed_quad *quads,
                                          const pqs_packed_quad *end,
                                          int8_t *output)
{
    pqs_packed_write(params, channel, quads, end, output, PQS_ROUNDING_DOUBLE);
}

PQS_NOINLINE void pqs_packed_write_single(const pqs_packed_conv2d_params *params,
                                          int32_t channel,
                                          const pqs_packed_quad *quads,
                                          const pqs_packed_quad *end,
                                          int8_t *output)
{
    pqs_packed_write(params, channel, quads, end, output, PQS_ROUNDING_SINGLE);
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

/** The pixels that are computed together, and what they need. */
typedef struct {
    uint8_t *vectors; /* a channel's codes, taken apart */
    int32_t steps;    /* 16 offsets and 16 weights each */
    int32_t codes;    /* of a channel */
    int8_t *rows;     /* rows of taps, from here up to `unused` */
    int8_t *unused;
    pqs_packed_quad *quads; /* from here up to `end`, each further one below */
    pqs_packed_quad *end;
    int32_t missing; /* pixels of the lowest quad */
} pqs_packed_block;

/** Divides the scratch. */
PQS_INLINE pqs_packed_block pqs_packed_begin(const pqs_packed_conv2d_params *params,
                                             const pqs_code_lanes *lanes,
                                             int8_t *scratch,
                                             int wide)
{
    const int32_t depth = params->kernel_height * params->kernel_width * params->input_channels;
    const int32_t groups = (depth + (1 << params->position_bits) - 1) >> params->position_bits;
    const int32_t each = wide ? 16 : lanes->codes;
    pqs_packed_block block;
    block.vectors = (uint8_t *)scratch;
    block.codes = groups * params->group_codes;
    block.steps = (block.codes + each - 1) / each;
    /* Lanes without a code take the window's first input, which surely exists, times 0. */
    memset(block.vectors, 0, (size_t)(32 * block.steps));
    block.rows = scratch + 32 * block.steps;
    block.unused = block.rows;
    block.end = (pqs_packed_quad *)(void *)(scratch + PQS_PACKED_CONV2D_SCRATCH_SIZE(groups << params->position_bits));
    block.quads = block.end;
    block.missing = 0;
    return block;
}

/** Computes the outputs of a block's pixels, and empties it. */
PQS_INLINE void pqs_packed_finish(const pqs_packed_conv2d_params *params,
                                  const pqs_code_lanes *lanes,
                                  pqs_packed_block *block,
                                  int8_t *output,
                                  int rounding,
                                  int wide)
{
    const int32_t reach = PQS_PACKED_WINDOW / lanes->inputs;
    const int8_t *codes = params->weights;
    pqs_packed_quad *const quads = block->quads;
    for (; block->missing > 0; block->missing--) {
        /* The same pixel once more, which is written once more. */
        quads->windows[block->missing - 1] = quads->windows[block->missing];
        quads->outputs[block->missing - 1] = quads->outputs[block->missing];
    }
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        if (wide) {
            pqs_wide_decode(lanes, params->position_bits, codes, block->codes, block->vectors);
        } else {
            pqs_packed_decode(lanes, params->position_bits, codes, block->codes, block->vectors);
        }
        if (block->steps <= reach) {
            pqs_packed_multiply(block->vectors, block->steps, quads, block->end);
        } else if (block->steps <= 2 * reach) {
            pqs_packed_multiply_far(block->vectors, block->steps, reach, quads, block->end);
        } else {
            pqs_packed_multiply_farther(block->vectors, block->steps, reach, quads, block->end);
        }
        if (rounding == PQS_ROUNDING_DOUBLE) {
            pqs_packed_write_double(params, channel, quads, block->end, output);
        } else {
            pqs_packed_write_single(params, channel, quads, block->end, output);
        }
        codes += params->channel_codes;
    }
    block->unused = block->rows;
    block->quads = block->end;
}

/** Pixels of a column of the output, one below the other. */
typedef struct {
    const int8_t *image;
    int32_t origin_y; /* of the first one's window */
    int32_t origin_x;
    uint32_t place; /* of the first one in the output */
    int32_t count;
} pqs_packed_column;

/**
 * Copies `width` neighbouring taps from (y, x) on, and as many in each row below; the zero point where they lie outside
 * of the image.
 */
PQS_INLINE void pqs_packed_copy_taps(const pqs_packed_conv2d_params *params,
                                     const int8_t *image,
                                     int32_t y,
                                     int32_t x,
                                     int32_t width,
                                     int32_t rows,
                                     int8_t *target)
{
    const int32_t channels = params->input_channels;
    const int32_t pitch = params->input_width * channels;
    const int32_t size = params->kernel_width * channels;
    const int32_t zero_point = params->input_zero_point;
    const int32_t left = pqs_clamp(-x, 0, width);
    const int32_t right = pqs_clamp(x + width - params->input_width, 0, width - left);
    const int32_t before = left * channels;
    const int32_t behind = right * channels;
    const int32_t between = width * channels - before - behind;
    const int32_t first = (x + left) * channels;
    for (; rows > 0; rows--) {
        if (y < 0 || y >= params->input_height) {
            pqs_packed_fill(target, zero_point, width * channels);
        } else {
            if (before + behind > 0) {
                pqs_packed_fill(target, zero_point, before);
                pqs_packed_fill(target + before + between, zero_point, behind);
            }
            pqs_packed_copy(target + before, image + y * pitch + first, between);
        }
        y += params->dilation_height;
        target += size;
    }
}

/** Copies rows of taps from the column's window on. */
PQS_NOINLINE void pqs_packed_copy_rows(const pqs_packed_conv2d_params *params,
                                       const pqs_packed_column *column,
                                       int32_t rows,
                                       int8_t *target)
{
    /* Taps next to each other are copied together. */
    const int32_t width = params->dilation_width == 1 ? params->kernel_width : 1;
    int32_t x = column->origin_x;
    for (int32_t taps = params->kernel_width; taps > 0; taps -= width) {
        pqs_packed_copy_taps(params, column->image, column->origin_y, x, width, rows, target);
        x += params->dilation_width;
        target += width * params->input_channels;
    }
}

/** Adds a pixel to a block. */
PQS_INLINE void pqs_packed_add(pqs_packed_block *block, const int8_t *window, uint32_t place)
{
    if (block->missing == 0) {
        block->quads--;
        block->missing = 4;
    }
    block->missing--;
    block->quads->windows[block->missing] = window;
    block->quads->outputs[block->missing] = place;
}

/** Whether the windows of a column's pixels lie in the image in one piece each. */
PQS_INLINE int pqs_packed_is_whole(const pqs_packed_conv2d_params *params, const pqs_packed_column *column)
{
    return params->kernel_height == 1 && (params->kernel_width == 1 || params->dilation_width == 1) &&
           column->origin_y >= 0 &&
           column->origin_y + (column->count - 1) * params->stride_height < params->input_height &&
           column->origin_x >= 0 && column->origin_x + params->kernel_width <= params->input_width;
}

/**
 * Adds as many of a column's pixels to a block as there is room for, and takes them from the column. Neighbours share
 * rows of taps where one's window ends in or right before the other's.
 */
PQS_NOINLINE void
pqs_packed_add_pixels(const pqs_packed_conv2d_params *params, pqs_packed_column *column, pqs_packed_block *block)
{
    const int32_t row = params->kernel_width * params->input_channels;
    const int32_t height = params->kernel_height;
    const int32_t stride = params->stride_height;
    /* A quad is begun for less than four pixels once at most. Where the last column's end began one, there may be less. */
    const int32_t room = (int32_t)((int8_t *)block->quads - block->unused) - (int32_t)sizeof(pqs_packed_quad);
    const int8_t *window = block->unused;
    int32_t step = stride * row;
    int32_t count = 1;
    if (pqs_packed_is_whole(params, column)) {
        step = stride * params->input_width * params->input_channels;
        window = column->image + (column->origin_y * params->input_width + column->origin_x) * params->input_channels;
        count = pqs_max(0, pqs_min(room / (int32_t)(sizeof(pqs_packed_quad) / 4), column->count));
    } else {
        if (room < height * row) {
            return;
        }
        if (params->dilation_height == 1 && stride <= height) {
            const int32_t each = step + (int32_t)(sizeof(pqs_packed_quad) / 4);
            count = pqs_min((room - height * row) / each + 1, column->count);
        }
        const int32_t rows = (count - 1) * stride + height;
        pqs_packed_copy_rows(params, column, rows, block->unused);
        block->unused += rows * row;
    }
    for (int32_t pixel = 0; pixel < count; pixel++) {
        pqs_packed_add(block, window, column->place);
        window += step;
        column->place += (uint32_t)(params->output_width * params->output_channels);
    }
    column->origin_y += count * stride;
    column->count -= count;
}

PQS_INLINE void pqs_conv2d_packed(
    const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding, int wide)
{
    const pqs_code_lanes lanes = pqs_get_code_lanes(params->position_bits, params->group_codes);
    pqs_packed_block block = pqs_packed_begin(params, &lanes, (int8_t *)scratch, wide);
    pqs_packed_column column;
    column.image = input;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        for (int32_t x = 0; x < params->output_width; x++) {
            column.origin_y = -params->padding_top;
            column.origin_x = x * params->stride_width - params->padding_left;
            column.place =
                (uint32_t)((batch * params->output_height * params->output_width + x) * params->output_channels);
            column.count = params->output_height;
            for (;;) {
                pqs_packed_add_pixels(params, &column, &block);
                if (column.count == 0) {
                    break;
                }
                pqs_packed_finish(params, &lanes, &block, output, rounding, wide);
            }
        }
        column.image += params->input_height * params->input_width * params->input_channels;
    }
    pqs_packed_finish(params, &lanes, &block, output, rounding, wide);
}

void pqs_conv2d_packed_double(const pqs_packed_conv2d_params *params,
                              const int8_t *input,
                              int8_t *output,
                              void *scratch)
{
    pqs_conv2d_packed(params, input, output, scratch, PQS_ROUNDING_DOUBLE, 0);
}

void pqs_conv2d_packed_single(const pqs_packed_conv2d_params *params,
                              const int8_t *input,
                              int8_t *output,
                              void *scratch)
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
