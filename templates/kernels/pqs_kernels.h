/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_kernels.h
 * @brief Integer kernels for quantized neural networks.
 *
 * All tensors are int8_t, batch x height x width x channels, channels fastest. A kernel reads its parameters, its
 * inputs and (where it has one) its scratch buffer; it keeps no state, so any number of models and instances may share
 * it.
 *
 * Parameters are trusted: they are computed and proved by the generator, once, and are not checked again on the device.
 * What they must satisfy is said beside each field.
 *
 * ### Requantization
 * The kernels named `_double` and `_single` turn a sum v into an output y = clamp(r + output_zero_point) by a
 * multiplier M in [2^30, 2^31) and a shift s in -31..30, both per output channel. M = 0 with s = 0 is legal and gives r
 * = 0.
 * * `double` rounds twice, as the reference kernels of TensorFlow Lite do:
 *   r = round_half_away_from_zero(floor((v * 2^max(s,0) * M + 2^30) / 2^31) / 2^max(-s,0)).
 *   (For M >= 0 the floor is the saturating rounding doubling high multiplication of those kernels.)
 * * `single` rounds once: r = floor((v * M + 2^(30-s)) / 2^(31-s)).
 *
 * The generator guarantees for each channel, v being any value that the sum can reach:
 * * every partial sum, in any order, and v itself fit int32_t;
 * * |v| * 2^max(s+1,0) <= 2^31 - 512, so that the steps before the clamp, the zero point's addition among them, fit;
 * * where s < -20: |v| < 2^30. (So a doubling of v may saturate: where it does, r is far outside the int8_t range.)
 *
 * ### Saturation
 * The kernels named `_exact` give a layer's accumulator a width of P bits, 8..31: the sum of the products, without the
 * bias, is saturated to -2^(P-1)..2^(P-1)-1 once, when it is complete. They saturate v, which has the model's bias b in
 * it, to least..least + sum_span, where least = b - 2^(P-1) and sum_span = 2^P - 1. Where one of the two leaves int32_t,
 * least is moved by as little as keeps both inside; then the sum of the products cannot leave P bits.
 */
#ifndef PQS_KERNELS_H
#define PQS_KERNELS_H

#ifdef PQS_CONFIG_HEADER
#include PQS_CONFIG_HEADER
#endif

#include <stddef.h>
#include <stdint.h>

/** Version of this interface; generated code checks it. */
#define PQS_KERNELS_VERSION 3

/** Attributes of constant tables, such as a section. */
#ifndef PQS_WEIGHTS_ATTR
#define PQS_WEIGHTS_ATTR
#endif

/** Attributes of an arena, such as a section: for the array that a program defines for it. */
#ifndef PQS_ARENA_ATTR
#define PQS_ARENA_ATTR
#endif

/** Called right after layer `index` wrote its output: `size` bytes at `data` (const int8_t *). */
#ifndef PQS_LAYER_DONE
#define PQS_LAYER_DONE(index, data, size) ((void)0)
#endif

/** A compile-time assertion at file scope; `name` is an identifier that says what is wrong when it fails. */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define PQS_STATIC_ASSERT(condition, name) static_assert(condition, #name)
#elif !defined(__cplusplus) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define PQS_STATIC_ASSERT(condition, name) _Static_assert(condition, #name)
#else
#define PQS_STATIC_ASSERT(condition, name) typedef char pqs_static_assert_##name[(condition) ? 1 : -1]
#endif

PQS_STATIC_ASSERT((-1 >> 1) == -1, right_shift_of_negative_values_must_be_arithmetic);
PQS_STATIC_ASSERT((-1 & 3) == 3, integers_must_be_twos_complement);
PQS_STATIC_ASSERT((int32_t)UINT32_C(0xFFFFFFFE) == -2, conversion_to_signed_must_wrap);

#ifdef __cplusplus
extern "C" {
#endif

/** What a generated entry point returns. */
typedef enum {
    PQS_OK = 0,                 /**< The outputs are valid. */
    PQS_ERROR_NULL_POINTER = 1, /**< A pointer argument is null; nothing was written. */
    PQS_ERROR_ALIGNMENT = 2     /**< The arena is not aligned; nothing was written. */
} pqs_status;

/** Two-dimensional convolution. */
typedef struct {
    const int8_t *weights; /**< [output_channels][kernel_height][kernel_width][input_channels], -128..127. */
    const int32_t *bias;   /**< [output_channels], with -input_zero_point * (sum of the channel's weights) added. */
    const int32_t *multipliers; /**< [output_channels], see Requantization. */
    const int8_t *shifts;       /**< [output_channels], see Requantization. */
    int32_t batches;            /**< >= 1 */
    int32_t input_height;       /**< >= 1 */
    int32_t input_width;        /**< >= 1 */
    int32_t input_channels;     /**< >= 1 */
    int32_t output_height;      /**< >= 1 */
    int32_t output_width;       /**< >= 1 */
    int32_t output_channels;    /**< >= 1 */
    int32_t kernel_height;      /**< >= 1 */
    int32_t kernel_width;       /**< >= 1 */
    int32_t stride_height;      /**< >= 1 */
    int32_t stride_width;       /**< >= 1 */
    int32_t dilation_height;    /**< >= 1 */
    int32_t dilation_width;     /**< >= 1 */
    int32_t padding_top;       /**< >= 0 rows before the first; what the bottom needs follows from the output height. */
    int32_t padding_left;      /**< >= 0 columns before the first; likewise. */
    int32_t input_zero_point;  /**< -128..127; the value of padding. */
    int32_t output_zero_point; /**< -128..127 */
    int32_t activation_min;    /**< -128..127, lower clamp of the output. */
    int32_t activation_max;    /**< activation_min..127, upper clamp of the output. */
    const int32_t *least_sums; /**< [output_channels], see Saturation; NULL unless `_exact`. */
    int32_t sum_span;          /**< see Saturation; not read unless `_exact`. */
} pqs_conv2d_params;

/**
 * Depthwise two-dimensional convolution. Output channel c * depth_multiplier + m is computed from input channel c only.
 */
typedef struct {
    const int8_t *weights;      /**< [kernel_height][kernel_width][output_channels], -128..127. */
    const int32_t *bias;        /**< [output_channels], with -input_zero_point * (sum of the channel's weights) added. */
    const int32_t *multipliers; /**< [output_channels], see Requantization. */
    const int8_t *shifts;       /**< [output_channels], see Requantization. */
    int32_t batches;            /**< >= 1 */
    int32_t input_height;       /**< >= 1 */
    int32_t input_width;        /**< >= 1 */
    int32_t input_channels;     /**< >= 1 */
    int32_t depth_multiplier;   /**< >= 1; there are input_channels * depth_multiplier output channels. */
    int32_t output_height;      /**< >= 1 */
    int32_t output_width;       /**< >= 1 */
    int32_t kernel_height;      /**< >= 1 */
    int32_t kernel_width;       /**< >= 1 */
    int32_t stride_height;      /**< >= 1 */
    int32_t stride_width;       /**< >= 1 */
    int32_t dilation_height;    /**< >= 1 */
    int32_t dilation_width;     /**< >= 1 */
    int32_t padding_top;        /**< >= 0 rows before the first; padded taps contribute nothing. */
    int32_t padding_left;       /**< >= 0 columns before the first; likewise. */
    int32_t strip_rows;         /**< 1..output_height, output rows that are computed together. */
    int32_t input_zero_point;   /**< -128..127; the value of padding. */
    int32_t output_zero_point;  /**< -128..127 */
    int32_t activation_min;     /**< -128..127, lower clamp of the output. */
    int32_t activation_max;     /**< activation_min..127, upper clamp of the output. */
    const int32_t *least_sums;  /**< [output_channels], see Saturation; NULL unless `_exact`. */
    int32_t sum_span;           /**< see Saturation; not read unless `_exact`. */
} pqs_depthwise_conv2d_params;

/**
 * Depthwise convolution of pruned weights: the kernels named `_packed`.
 *
 * ### Weights as bits
 * `layer.weights` is a row of bits, of which bit k is bit k % 8 of byte k / 8; a number's lowest bit comes first. Each
 * output channel has channel_bits of them, one channel after the other. One byte follows, of any value.
 *
 * A channel's taps, in natural order, kernel row by kernel row, are cut into groups of group_taps; the last may be
 * shorter. Of each group group_weights are stored, or all where it has no more taps: all weights that are not zero, and
 * as many others as it has fewer. First come their positions in the group, then the weights in the order of the taps, in
 * weight_bits of two's complement each. The positions are, where position_bits is 0, one bit for each tap of the group
 * but the last, set where the tap's weight is stored (so how many are set tells of the last); else the number of each
 * stored tap, ascending, in position_bits. A group of which all taps are stored has no positions.
 */
typedef struct {
    pqs_depthwise_conv2d_params layer; /**< but for the weights, which are bits, see above. */
    int32_t channel_bits;              /**< 1..8000, of an output channel. */
    int32_t group_taps;                /**< 2..32, and at most 9 where position_bits is 0. */
    int32_t group_weights;             /**< 1..group_taps */
    int32_t position_bits;             /**< 0..5, see above. */
    int32_t weight_bits;               /**< 1..8 */
} pqs_packed_depthwise_conv2d_params;

/**
 * @name Scratch of depthwise convolutions
 * In bytes; 4-byte aligned.
 * @param rows input rows of a strip, padding included: (strip_rows - 1) * stride_height + (kernel_height - 1) *
 *        dilation_height + 1.
 * @param columns likewise: (output_width - 1) * stride_width + (kernel_width - 1) * dilation_width + 1, rounded up to an
 *        even number.
 * @{
 */
#define PQS_DEPTHWISE_WEIGHTS_SIZE(kernel_height, kernel_width) (8 * (kernel_height) * (kernel_width))
#define PQS_DEPTHWISE_SCRATCH_SIZE(kernel_height, kernel_width, rows, columns)                                         \
    (PQS_DEPTHWISE_WEIGHTS_SIZE(kernel_height, kernel_width) + 8 * (rows) * (columns))
/** @} */

/**
 * Fully connected layer.
 *
 * ### Weights of the dense kernel
 *
 * Four channels are a block: input_size words, one for each input. Byte i of a word, the lowest first, is the weight of
 * channel i of the block, plus 128. As many blocks as there are come first. The one to three channels that are left
 * follow byte by byte, int8_t[input_size] each, as they are; bytes that fill up the last word are 0.
 */
typedef struct {
    const int32_t *weights;     /**< blocks, then the channels that are left, see above. */
    const int32_t *bias;        /**< [output_size], with -(input_zero_point + 128) * (sum of the channel's weights). */
    const int32_t *multipliers; /**< [output_size], see Requantization. */
    const int8_t *shifts;       /**< [output_size], see Requantization. */
    int32_t batches;            /**< >= 1, rows of input and output. */
    int32_t input_size;         /**< >= 1, elements of a row of the input. */
    int32_t output_size;        /**< >= 1, elements of a row of the output. */
    int32_t output_zero_point;  /**< -128..127 */
    int32_t activation_min;     /**< -128..127, lower clamp of the output. */
    int32_t activation_max;     /**< activation_min..127, upper clamp of the output. */
    const int32_t *least_sums;  /**< [output_size], see Saturation; NULL unless `_exact`. */
    int32_t sum_span;           /**< see Saturation; not read unless `_exact`. */
} pqs_fully_connected_params;

/**
 * Convolution, depthwise convolution or fully connected layer whose dot products are accumulated in `accumulator_bits`
 * bits, product by product, in the order of a schedule: the kernels named `_natural`, `_alternating`,
 * `_alternating_partitioned` and `_sorted`. The bias is added to the finished accumulator, in 32 bits.
 *
 * K, the depth, is the number of weights of an output channel, zeros included: kernel_height * kernel_width *
 * input_channels; kernel_height * kernel_width of a depthwise convolution; input_channels of a fully connected layer.
 * Natural order is that of the kernel's row, then column, then input channel. Depthwise output channel c *
 * depth_multiplier + m is computed from input channel c only. A product is (a weight) * (an input - input_zero_point).
 *
 * ### Storage of the weights
 * Channel after channel, in natural order, in one of these ways:
 * * Dense: all K weights of a channel. `positions` is NULL.
 * * Pruned: only the weights that are not zero. `positions` holds a mask of (K + 7) / 8 bytes for each channel: bit
 *   k % 8 of byte k / 8 is set where weight k is stored. Bits from K on are clear.
 * * Coded, where group_codes is not 0: codes as those of pqs_packed_conv2d_params, but not filled up to a multiple of 4.
 *   `positions` is NULL.
 * * Partitioned, which only `_alternating_partitioned` reads and the only way that it reads: the positive weights, then
 *   the negative ones, each kind in natural order; zeros are left out. `positions` holds the index k of each weight, in
 *   the weights' order: one byte each when K <= 256, else two bytes each, low byte first. `counts` says how many
 *   weights of each kind a channel has.
 *
 * The generator guarantees for each channel, beside what Requantization asks for: K <= 65535.
 */
typedef struct {
    const int8_t *weights;      /**< see Storage of the weights; -128..127 */
    const uint8_t *positions;   /**< see Storage of the weights; NULL: dense or coded. */
    const uint16_t *counts;     /**< [output_channels][2], positive and negative weights; NULL unless partitioned. */
    int32_t position_bits;      /**< 1..5; 0 unless coded. */
    int32_t group_codes;        /**< 0: not coded; else 1..2^position_bits. */
    const int32_t *bias;        /**< [output_channels], as the model has it: the kernel subtracts input_zero_point. */
    const int32_t *multipliers; /**< [output_channels], see Requantization. */
    const int8_t *shifts;       /**< [output_channels], see Requantization. */
    int32_t batches;            /**< >= 1 */
    int32_t input_height;       /**< >= 1; this and all geometry below: not read by fully connected kernels, */
    int32_t input_width;        /**< >= 1 */
    int32_t input_channels;     /**< >= 1; but for this: the elements of a row of the input, */
    int32_t depth_multiplier;   /**< >= 1; read by depthwise kernels only. */
    int32_t output_height;      /**< >= 1 */
    int32_t output_width;       /**< >= 1 */
    int32_t output_channels;    /**< >= 1; and this. Depthwise: input_channels * depth_multiplier. */
    int32_t kernel_height;      /**< >= 1 */
    int32_t kernel_width;       /**< >= 1 */
    int32_t stride_height;      /**< >= 1 */
    int32_t stride_width;       /**< >= 1 */
    int32_t dilation_height;    /**< >= 1 */
    int32_t dilation_width;     /**< >= 1 */
    int32_t padding_top;        /**< >= 0 rows before the first; padded taps give products of 0. */
    int32_t padding_left;       /**< >= 0 columns before the first; likewise. */
    int32_t input_zero_point;   /**< -128..127 */
    int32_t output_zero_point;  /**< -128..127 */
    int32_t activation_min;     /**< -128..127, lower clamp of the output. */
    int32_t activation_max;     /**< activation_min..127, upper clamp of the output. */
    int32_t rounding;           /**< Requantization's: 0 double, 1 single. */
    int32_t accumulator_bits;   /**< 8..16 */
    int32_t rounds;             /**< >= 0, 0: as many as it takes; read by `_sorted` only. */
    int32_t tile;               /**< >= 0, 0: the whole dot product; read by `_sorted` only. */
} pqs_narrow_params;

/**
 * @name Scratch of kernels that take pqs_narrow_params
 * In bytes. Scratch is 4-byte aligned.
 * @param depth K of pqs_narrow_params.
 * @param columns input_channels of a depthwise convolution, else 1.
 * @param terms the most weights other than zero that a channel has, or `tile` where that is less and not 0; >= 1.
 * @{
 */
#define PQS_NATURAL_SCRATCH_SIZE(depth, columns) (2 * (depth) * (columns))
#define PQS_ALTERNATING_SCRATCH_SIZE(depth, columns) (PQS_NATURAL_SCRATCH_SIZE(depth, columns) + 2 * (depth))
#define PQS_ALTERNATING_PARTITIONED_SCRATCH_SIZE(depth, columns) PQS_NATURAL_SCRATCH_SIZE(depth, columns)
#define PQS_SORTED_SCRATCH_SIZE(depth, columns, terms) (PQS_NATURAL_SCRATCH_SIZE(depth, columns) + 4 * (terms))
/** @} */

/**
 * Convolution of pruned weights: the kernels named `_packed`, `_packed_gaps`, `_packed_wide` and `_packed_wide_gaps`, which
 * take weight after weight, mostly with two sums in the lanes of one register, and `_pairs` and `_pairs_wide`, which
 * multiply two weights at once.
 *
 * ### Codes
 * Weights are in groups of 2^position_bits inputs, in natural order: kernel row, kernel column, input channel; a
 * channel's last group may be shorter. Each group has group_codes codes: its weights that are not zero, as weight *
 * 2^position_bits + position in the group, and codes of 0 for as many as it has fewer. Where position_bits is 2 and
 * group_codes 1 or 2, a channel's codes are filled up by groups of such codes to a multiple of 4.
 *
 * The kernels named `_packed_gaps` have no groups. A channel's codes are of ascending inputs, its weights that are not zero
 * and some that are, in natural order: weight * 2^position_bits + gap, how many inputs were left out since the code
 * before, or before the first. Their number is a multiple of 4, the same for each channel, and no more than there are weights.
 *
 * The kernels named `_packed_wide` have codes of a byte for the weight alone. Before each 8 / position_bits of them, 4 or
 * 2, stands a byte with their positions, the first in its lowest bits. A channel's codes are filled up to a multiple of
 * that number. There are no segments: for any input, the sum of a channel's products, and of any part of them, has at
 * most 23 bits. `_packed_wide_gaps` has the same with gaps instead of positions; for the number of its codes holds what is
 * said of `_packed_gaps`.
 *
 * The kernels named `_pairs` and `_pairs_wide` are for numbers of input channels that are multiples of 4. Groups are of
 * four inputs, of which a channel keeps two, p and q, 0 <= p < q <= 3. The pair's number is 0 for 0 and 1, 1 for 0 and 2,
 * 2 for 0 and 3, 3 for 1 and 2, 4 for 1 and 3, 5 for 2 and 3. A channel's groups are filled up by such with weights 0 to a
 * multiple of 4, a step. There are no segments.
 *
 * * `_pairs`: weights of -32..31, of which the sum of a channel's magnitudes is less than 2^14. Each two groups share a
 *   word of four bytes, from bit 0 on: the first's number in bits 0..2, the second's in 16..18, the second's weights in
 *   4..9 (p) and 20..25 (q), the first's in 10..15 (p) and 26..31 (q). In a channel's last word bit 3 is set.
 * * `_pairs_wide`: for each step two bytes of the pairs' numbers, from bit 0 on, three bits for each group; bit 15 is set
 *   in a channel's last step. Then, for each two groups, four bytes: the first's weight at p, the second's at p, the
 *   first's at q, the second's at q. Behind the last channel is one more byte.
 *
 * ### Segments
 * A channel's codes are cut into segments. For any input, the sum of a segment's products (weight * input, padding being
 * input_zero_point) fits int16_t; the generator proves it. Lengths are counted in 4 codes where codes are filled up to
 * that, or are by gaps, else in groups. `segments` holds for each channel the number of its segments, then the lengths of
 * all but the last; it is NULL where each channel has one segment.
 */
typedef struct {
    const int8_t *weights;      /**< [output_channels][channel_codes], see Codes. */
    const int32_t *bias;        /**< [output_channels], with -input_zero_point * (sum of the channel's weights) added. */
    const int32_t *multipliers; /**< [output_channels], see Requantization. */
    const int8_t *shifts;       /**< [output_channels], see Requantization. */
    const int32_t *least_sums;  /**< [output_channels], see Saturation; NULL where sums are not saturated. */
    int32_t sum_span;           /**< see Saturation */
    const uint8_t *segments;    /**< see Segments */
    int32_t position_bits;      /**< 1..4; gaps: 2 or 3; wide and wide gaps: 2 or 4; pairs: 2. */
    int32_t group_codes;        /**< 1..2^position_bits; gaps: not read; wide: a power of two, at most 8; pairs: 2. */
    int32_t channel_codes;      /**< bytes of a channel's codes, those that fill it up included. */
    int32_t batches;            /**< >= 1 */
    int32_t input_height;       /**< >= 1 */
    int32_t input_width;        /**< >= 1 */
    int32_t input_channels;     /**< >= 1 */
    int32_t output_height;      /**< >= 1 */
    int32_t output_width;       /**< >= 1 */
    int32_t output_channels;    /**< >= 1 */
    int32_t kernel_height;      /**< >= 1 */
    int32_t kernel_width;       /**< >= 1 */
    int32_t stride_height;      /**< >= 1 */
    int32_t stride_width;       /**< >= 1 */
    int32_t dilation_height;    /**< >= 1 */
    int32_t dilation_width;     /**< >= 1 */
    int32_t padding_top;        /**< >= 0 rows before the first; what the bottom needs follows from the output height. */
    int32_t padding_left;       /**< >= 0 columns before the first; likewise. */
    int32_t input_zero_point;   /**< -128..127; the value of padding. */
    int32_t output_zero_point;  /**< -128..127 */
    int32_t activation_min;     /**< -128..127, lower clamp of the output. */
    int32_t activation_max;     /**< activation_min..127, upper clamp of the output. */
} pqs_packed_conv2d_params;

/**
 * Scratch of the kernels that take pqs_packed_conv2d_params, but for `_pairs` and `_pairs_wide`, in bytes.
 * @param inputs that the groups of a channel cover, those that fill it up included; gaps: under a window.
 */
#define PQS_PACKED_CONV2D_SCRATCH_SIZE(inputs) (32 * (inputs) + 292)

/**
 * Scratch of the kernels named `_pairs` and `_pairs_wide`, in bytes.
 * @param inputs that the groups of a channel cover, those that fill it up included.
 * @param channels of the input.
 */
#define PQS_PAIRS_CONV2D_SCRATCH_SIZE(inputs, channels) (64 * (inputs) + (channels) + 436)

/**
 * Fully connected layer of which neighbouring output channels, from the first on, have weights other than zero at the
 * same two of each four inputs: each four channels for the kernels named `_packed`, `_packed_quads` and `_packed_rows`,
 * each two for `_packed_by2` and `_packed_rows_by2`. For `_pairs` each channel has positions of its own.
 *
 * Each four channels, of which the last may be fewer, have groups of four inputs, of which the last may be shorter; a
 * group of no inputs makes their number even. With p and q a channel's two positions in a group, 0 <= p < q <= 3, a
 * group has the weights of c0 to c3, the channels, at p and at q. What does not exist has weights of 0. The positions
 * have a number: 0 for 0 and 1, 1 for 0 and 2, 2 for 0 and 3, 3 for 1 and 2, 4 for 1 and 3, 5 for 2 and 3. The pattern
 * of two groups has the number of the first in its low four bits, and of the second, plus 6, in its high ones. There is
 * one pattern for all four channels; for `_by2` there are two, that of c0 and c1 and that of c2 and c3.
 *
 * * `_packed` and `_packed_by2`: four half-words for each group, c0 p + 256 * c1 p, c0 q + 256 * c1 q, c2 p + 256 * c3 p
 *   and c2 q + 256 * c3 q. The weights of c1 and c3 are not -128. The bias has -input_zero_point * (sum of the channel's
 *   weights) added. Patterns of the same two groups are side by side.
 * * `_packed_quads`: for each eight groups, or the fewer that are left, a word of their patterns, the first in its low
 *   byte, the rest 0, then their weights, each plus 128: c0 p, c1 p, c2 p, c3 p, c0 q, c1 q, c2 q, c3 q. The bias has
 *   -(input_zero_point + 128) * (sum of the channel's weights) added.
 * * `_packed_rows` and `_packed_rows_by2`: for each eight groups, or the fewer that are left, the weights of c0, p and q
 *   of each group by turns, then of c1, of c2 and of c3. The pattern of two groups is here the number of the first, plus
 *   6 times that of the second; for each eight groups, or the fewer that are left, those of c0 and c1 are before those
 *   of c2 and c3. The bias is as that of `_packed`.
 * * `_pairs`: for each channel, and each two of its groups, a word: from bit 0 on, the number of the first's positions in
 *   bits 0..3, and of the second's, plus 6, in 16..19, the second's weights in 4..9 (p) and 20..25 (q), the first's in
 *   10..15 (p) and 26..31 (q). The sum of a channel's magnitudes is less than 2^14. The bias is as that of `_packed`.
 */
typedef struct {
    const int32_t *weights;     /**< [(output_size + 3) / 4][(input_size + 7) / 8][4], and the words of patterns; from bit 0 on. `_pairs`: [output_size][(input_size + 7) / 8]. */
    const uint8_t *patterns;    /**< [(output_size + 3) / 4][(input_size + 7) / 8], for `_by2` twice as many; NULL where they are among the weights, as those of `_pairs` are. */
    const int32_t *bias;        /**< [output_size], see above. */
    const int32_t *multipliers; /**< [output_size], see Requantization. */
    const int8_t *shifts;       /**< [output_size], see Requantization. */
    const int32_t *least_sums;  /**< [output_size], see Saturation; NULL where sums are not saturated. */
    int32_t sum_span;           /**< see Saturation */
    int32_t batches;            /**< >= 1, rows of input and output. */
    int32_t input_size;         /**< >= 1, elements of a row of the input. */
    int32_t output_size;        /**< >= 1, elements of a row of the output. */
    int32_t output_zero_point;  /**< -128..127 */
    int32_t activation_min;     /**< -128..127, lower clamp of the output. */
    int32_t activation_max;     /**< activation_min..127, upper clamp of the output. */
} pqs_packed_fully_connected_params;

/** Scratch of the kernels that take pqs_packed_fully_connected_params, but for those named `_packed_rows...`, in bytes. */
#define PQS_PACKED_FULLY_CONNECTED_SCRATCH_SIZE(input_size) (24 * (((input_size) + 7) / 8 * 2))

/** Fully connected layer of which only the weights that are not zero are stored: the kernels named `_sparse`. */
typedef struct {
    const int8_t *weights;      /**< codes as those of pqs_packed_conv2d_params, but not filled up; or, with positions, */
    const uint8_t *positions;   /**< those of a pruned layer, see Storage of the weights; NULL: codes. */
    const int32_t *bias;        /**< [output_size], with -input_zero_point * (sum of the channel's weights) added. */
    const int32_t *multipliers; /**< [output_size], see Requantization. */
    const int8_t *shifts;       /**< [output_size], see Requantization. */
    const int32_t *least_sums;  /**< [output_size], see Saturation; NULL where sums are not saturated. */
    int32_t sum_span;           /**< see Saturation */
    int32_t position_bits;      /**< 1..4; not read with positions. */
    int32_t group_codes;        /**< 1..2^position_bits; likewise. */
    int32_t batches;            /**< >= 1, rows of input and output. */
    int32_t input_size;         /**< >= 1, elements of a row of the input. */
    int32_t output_size;        /**< >= 1, elements of a row of the output. */
    int32_t output_zero_point;  /**< -128..127 */
    int32_t activation_min;     /**< -128..127, lower clamp of the output. */
    int32_t activation_max;     /**< activation_min..127, upper clamp of the output. */
} pqs_sparse_fully_connected_params;

/**
 * Addition of two tensors of the same shape.
 *
 * Each input's x - zero point is shifted left by 20 and requantized (double rounding) by its own multiplier and shift,
 * the sum by the output's. Multipliers are 0 or in [2^30, 2^31).
 */
typedef struct {
    int32_t count;             /**< >= 0 elements. */
    int32_t input1_zero_point; /**< -128..127 */
    int32_t input1_multiplier; /**< see above */
    int32_t input1_shift;      /**< -31..0 */
    int32_t input2_zero_point; /**< -128..127 */
    int32_t input2_multiplier; /**< see above */
    int32_t input2_shift;      /**< -31..0 */
    int32_t output_multiplier; /**< see above */
    int32_t output_shift;      /**< -31..-1 */
    int32_t output_zero_point; /**< -128..127 */
    int32_t activation_min;    /**< -128..127, lower clamp of the output. */
    int32_t activation_max;    /**< activation_min..127, upper clamp of the output. */
} pqs_add_params;

/** Average or maximum over windows. Input and output have the same quantization. Every window holds a valid tap. */
typedef struct {
    int32_t batches;        /**< >= 1 */
    int32_t input_height;   /**< >= 1 */
    int32_t input_width;    /**< >= 1 */
    int32_t channels;       /**< >= 1 */
    int32_t output_height;  /**< >= 1 */
    int32_t output_width;   /**< >= 1 */
    int32_t filter_height;  /**< >= 1; filter_height * filter_width < 2^23. */
    int32_t filter_width;   /**< >= 1 */
    int32_t stride_height;  /**< >= 1 */
    int32_t stride_width;   /**< >= 1 */
    int32_t padding_top;    /**< 0..filter_height - 1; padded taps are left out, of the count too. */
    int32_t padding_left;   /**< 0..filter_width - 1; likewise. */
    int32_t activation_min; /**< -128..127, lower clamp of the output. */
    int32_t activation_max; /**< activation_min..127, upper clamp of the output. */
} pqs_pool_2d_params;

/** Softmax over the last dimension; the output has scale 1/256 and zero point -128. */
typedef struct {
    int32_t rows;             /**< >= 0 */
    int32_t depth;            /**< 1..4095 elements a row: the sum of exponentials has 12 integer bits. */
    int32_t input_multiplier; /**< [2^30, 2^31): beta * input scale * 2^26 as a Q31 multiplier. */
    int32_t input_left_shift; /**< 0..30, its shift; difference * 2^shift fits int32_t for differences >= diff_min. */
    int32_t diff_min; /**< <= 0; an element below the row's maximum by more than -diff_min gives probability 0. */
} pqs_softmax_params;

/** Padding by a constant. Dimensions are batch, height, width, channels; a tensor of lower rank has leading ones. */
typedef struct {
    int32_t input_shape[4]; /**< >= 1 each. */
    int32_t before[4];      /**< >= 0 elements before, for each dimension. */
    int32_t after[4];       /**< >= 0 elements after, for each dimension. */
    int32_t pad_value;      /**< -128..127 */
} pqs_pad_params;

/**
 * @brief Convolution by a 1x1 kernel, `double` rounding.
 * @param params kernel_height = kernel_width = 1, padding_top = padding_left = 0; dilation has no meaning. Any stride.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 */
void pqs_conv2d_1x1_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output);

/** @brief Convolution by a 1x1 kernel, `single` rounding. @copydetails pqs_conv2d_1x1_double */
void pqs_conv2d_1x1_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output);

/** @brief Convolution by a 1x1 kernel, saturating, `double` rounding. @copydetails pqs_conv2d_1x1_double */
void pqs_conv2d_1x1_double_exact(const pqs_conv2d_params *params, const int8_t *input, int8_t *output);

/** @brief Convolution by a 1x1 kernel, saturating, `single` rounding. @copydetails pqs_conv2d_1x1_double */
void pqs_conv2d_1x1_single_exact(const pqs_conv2d_params *params, const int8_t *input, int8_t *output);

/**
 * @brief Convolution by any kernel, `double` rounding: two pixels' taps are gathered into columns, then multiplied.
 * @param params any.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch 2 * kernel_height * kernel_width * input_channels bytes, 4-byte aligned.
 */
void pqs_conv2d_im2col_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch);

/** @brief Convolution by any kernel, `single` rounding. @copydetails pqs_conv2d_im2col_double */
void pqs_conv2d_im2col_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch);

/** @brief Convolution by any kernel, saturating, `double` rounding. @copydetails pqs_conv2d_im2col_double */
void pqs_conv2d_im2col_double_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch);

/** @brief Convolution by any kernel, saturating, `single` rounding. @copydetails pqs_conv2d_im2col_double */
void pqs_conv2d_im2col_single_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch);

/**
 * @brief Convolution of pruned weights in packed lanes, `double` rounding.
 * @param params any.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_PACKED_CONV2D_SCRATCH_SIZE bytes, 4-byte aligned.
 */
void pqs_conv2d_packed_double(const pqs_packed_conv2d_params *params,
                              const int8_t *input,
                              int8_t *output,
                              void *scratch);

/** @brief Convolution of pruned weights in packed lanes, `single` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_single(const pqs_packed_conv2d_params *params,
                              const int8_t *input,
                              int8_t *output,
                              void *scratch);

/** @brief Convolution of pruned weights by gaps in packed lanes, `double` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_gaps_double(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch);

/** @brief Convolution of pruned weights by gaps in packed lanes, `single` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_gaps_single(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch);

/** @brief Convolution of pruned weights in wide lanes, `double` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_wide_double(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch);

/** @brief Convolution of pruned weights in wide lanes, `single` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_wide_single(const pqs_packed_conv2d_params *params,
                                   const int8_t *input,
                                   int8_t *output,
                                   void *scratch);

/** @brief Convolution of pruned weights by gaps in wide lanes, `double` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_wide_gaps_double(const pqs_packed_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        void *scratch);

/** @brief Convolution of pruned weights by gaps in wide lanes, `single` rounding. @copydetails pqs_conv2d_packed_double */
void pqs_conv2d_packed_wide_gaps_single(const pqs_packed_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        void *scratch);

/**
 * @brief Convolution of pruned weights in pairs, `double` rounding.
 * @param params any.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_PAIRS_CONV2D_SCRATCH_SIZE bytes, 4-byte aligned.
 */
void pqs_conv2d_pairs_double(const pqs_packed_conv2d_params *params,
                             const int8_t *input,
                             int8_t *output,
                             void *scratch);

/** @brief Convolution of pruned weights in pairs, `single` rounding. @copydetails pqs_conv2d_pairs_double */
void pqs_conv2d_pairs_single(const pqs_packed_conv2d_params *params,
                             const int8_t *input,
                             int8_t *output,
                             void *scratch);

/** @brief The same with weights of eight bits, `double` rounding. @copydetails pqs_conv2d_pairs_double */
void pqs_conv2d_pairs_wide_double(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  void *scratch);

/** @brief The same with weights of eight bits, `single` rounding. @copydetails pqs_conv2d_pairs_double */
void pqs_conv2d_pairs_wide_single(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  void *scratch);

/**
 * @brief Convolution by any kernel, `double` rounding: four pixels at a time, their inputs laid out in words. Cores with
 * vectors compute it like pqs_conv2d_1x1_double or pqs_conv2d_im2col_double.
 * @param params any.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch 18 * kernel_height * kernel_width * input_channels bytes, 4-byte aligned.
 */
void pqs_conv2d_blocks_double(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch);

/** @brief Convolution by blocks, `single` rounding. @copydetails pqs_conv2d_blocks_double */
void pqs_conv2d_blocks_single(const pqs_conv2d_params *params, const int8_t *input, int8_t *output, int8_t *scratch);

/** @brief Convolution by blocks, saturating, `double` rounding. @copydetails pqs_conv2d_blocks_double */
void pqs_conv2d_blocks_double_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch);

/** @brief Convolution by blocks, saturating, `single` rounding. @copydetails pqs_conv2d_blocks_double */
void pqs_conv2d_blocks_single_exact(const pqs_conv2d_params *params,
                                    const int8_t *input,
                                    int8_t *output,
                                    int8_t *scratch);

/**
 * @brief Depthwise convolution, `double` rounding.
 * @param params any.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * (input_channels * depth_multiplier) elements; does not overlap
 *        the input.
 * @param scratch PQS_DEPTHWISE_SCRATCH_SIZE bytes.
 */
void pqs_depthwise_conv2d_double(const pqs_depthwise_conv2d_params *params,
                                 const int8_t *input,
                                 int8_t *output,
                                 int8_t *scratch);

/** @brief Depthwise convolution, `single` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_single(const pqs_depthwise_conv2d_params *params,
                                 const int8_t *input,
                                 int8_t *output,
                                 int8_t *scratch);

/** @brief Depthwise convolution, saturating, `double` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_double_exact(const pqs_depthwise_conv2d_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       int8_t *scratch);

/** @brief Depthwise convolution, saturating, `single` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_single_exact(const pqs_depthwise_conv2d_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       int8_t *scratch);

/** @brief Depthwise convolution of pruned weights, `double` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_packed_double(const pqs_packed_depthwise_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        int8_t *scratch);

/** @brief Depthwise convolution of pruned weights, `single` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_packed_single(const pqs_packed_depthwise_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        int8_t *scratch);

/** @brief Depthwise convolution of pruned weights, saturating, `double` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_packed_double_exact(const pqs_packed_depthwise_conv2d_params *params,
                                              const int8_t *input,
                                              int8_t *output,
                                              int8_t *scratch);

/** @brief Depthwise convolution of pruned weights, saturating, `single` rounding. @copydetails pqs_depthwise_conv2d_double */
void pqs_depthwise_conv2d_packed_single_exact(const pqs_packed_depthwise_conv2d_params *params,
                                              const int8_t *input,
                                              int8_t *output,
                                              int8_t *scratch);

/**
 * @brief Fully connected layer, `double` rounding.
 * @param params any.
 * @param input batches * input_size elements.
 * @param output batches * output_size elements; does not overlap the input.
 */
void pqs_fully_connected_double(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output);

/** @brief Fully connected layer, `single` rounding. @copydetails pqs_fully_connected_double */
void pqs_fully_connected_single(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output);

/** @brief Fully connected layer, saturating, `double` rounding. @copydetails pqs_fully_connected_double */
void pqs_fully_connected_double_exact(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output);

/** @brief Fully connected layer, saturating, `single` rounding. @copydetails pqs_fully_connected_double */
void pqs_fully_connected_single_exact(const pqs_fully_connected_params *params, const int8_t *input, int8_t *output);

/**
 * @brief Fully connected layer of which four channels share positions, `double` rounding.
 * @param params any.
 * @param input batches * input_size elements.
 * @param output batches * output_size elements; does not overlap the input.
 * @param scratch PQS_PACKED_FULLY_CONNECTED_SCRATCH_SIZE bytes, 4-byte aligned.
 */
void pqs_fully_connected_packed_double(const pqs_packed_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       void *scratch);

/** @brief Fully connected layer of which four channels share positions, `single` rounding. @copydetails
 * pqs_fully_connected_packed_double */
void pqs_fully_connected_packed_single(const pqs_packed_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output,
                                       void *scratch);

/** @brief The same where no channels share positions, `double` rounding. @copydetails
 * pqs_fully_connected_packed_double */
void pqs_fully_connected_pairs_double(const pqs_packed_fully_connected_params *params,
                                      const int8_t *input,
                                      int8_t *output,
                                      void *scratch);

/** @brief The same where no channels share positions, `single` rounding. @copydetails
 * pqs_fully_connected_packed_double */
void pqs_fully_connected_pairs_single(const pqs_packed_fully_connected_params *params,
                                      const int8_t *input,
                                      int8_t *output,
                                      void *scratch);

/** @brief The same where two channels share positions, `double` rounding. @copydetails
 * pqs_fully_connected_packed_double */
void pqs_fully_connected_packed_by2_double(const pqs_packed_fully_connected_params *params,
                                           const int8_t *input,
                                           int8_t *output,
                                           void *scratch);

/** @brief The same where two channels share positions, `single` rounding. @copydetails
 * pqs_fully_connected_packed_double */
void pqs_fully_connected_packed_by2_single(const pqs_packed_fully_connected_params *params,
                                           const int8_t *input,
                                           int8_t *output,
                                           void *scratch);

/** @brief The same with words of four channels, `double` rounding. @copydetails pqs_fully_connected_packed_double */
void pqs_fully_connected_packed_quads_double(const pqs_packed_fully_connected_params *params,
                                             const int8_t *input,
                                             int8_t *output,
                                             void *scratch);

/** @brief The same with words of four channels, `single` rounding. @copydetails pqs_fully_connected_packed_double */
void pqs_fully_connected_packed_quads_single(const pqs_packed_fully_connected_params *params,
                                             const int8_t *input,
                                             int8_t *output,
                                             void *scratch);

/**
 * @brief Fully connected layer of which four channels share positions, in rows, `double` rounding.
 * @param params any.
 * @param input batches * input_size elements.
 * @param output batches * output_size elements; does not overlap the input.
 */
void pqs_fully_connected_packed_rows_double(const pqs_packed_fully_connected_params *params,
                                            const int8_t *input,
                                            int8_t *output);

/** @brief The same, `single` rounding. @copydetails pqs_fully_connected_packed_rows_double */
void pqs_fully_connected_packed_rows_single(const pqs_packed_fully_connected_params *params,
                                            const int8_t *input,
                                            int8_t *output);

/** @brief The same where two channels share positions, `double` rounding. @copydetails
 * pqs_fully_connected_packed_rows_double */
void pqs_fully_connected_packed_rows_by2_double(const pqs_packed_fully_connected_params *params,
                                                const int8_t *input,
                                                int8_t *output);

/** @brief The same where two channels share positions, `single` rounding. @copydetails
 * pqs_fully_connected_packed_rows_double */
void pqs_fully_connected_packed_rows_by2_single(const pqs_packed_fully_connected_params *params,
                                                const int8_t *input,
                                                int8_t *output);

/**
 * @brief Fully connected layer of pruned weights, `double` rounding.
 * @param params any.
 * @param input batches * input_size elements.
 * @param output batches * output_size elements; does not overlap the input.
 */
void pqs_fully_connected_sparse_double(const pqs_sparse_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output);

/** @brief Fully connected layer of pruned weights, `single` rounding. @copydetails pqs_fully_connected_sparse_double */
void pqs_fully_connected_sparse_single(const pqs_sparse_fully_connected_params *params,
                                       const int8_t *input,
                                       int8_t *output);

/**
 * @brief Convolution, schedule `natural`: products are added from left to right, each addition saturating.
 * @param params dense, pruned or coded.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_NATURAL_SCRATCH_SIZE bytes.
 */
void pqs_conv2d_natural(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Convolution, schedule `alternating`: while products of both signs are left, the next negative one is added to
 * a sum that is not negative, the next positive one to a negative sum; then the rest; each addition saturating.
 * @param params dense, pruned or coded.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_ALTERNATING_SCRATCH_SIZE bytes.
 */
void pqs_conv2d_alternating(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Convolution, schedule `alternating` for inputs of which none is less than input_zero_point: the signs of the
 *        products are those of the weights.
 * @param params partitioned.
 * @param input batches * input_height * input_width * input_channels elements >= input_zero_point.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_ALTERNATING_PARTITIONED_SCRATCH_SIZE bytes.
 */
void pqs_conv2d_alternating_partitioned(const pqs_narrow_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        void *scratch);

/**
 * @brief Convolution, schedule `sorted`: in each of `rounds` rounds, the greatest positive product is added to the
 *        most negative one, the next to the next; once one sign is left, or the rounds are over, what remains is
 *        added in ascending magnitude, the negative one of two equals first. With `tile`, each run of so many
 *        products, of weights that are not zero, is reduced by itself, and the results are added from left to right.
 *        Each addition saturates.
 * @param params dense, pruned or coded.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_SORTED_SCRATCH_SIZE bytes.
 */
void pqs_conv2d_sorted(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Depthwise convolution, schedule `natural`: products are added from left to right, each addition saturating.
 * @param params dense, pruned or coded.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_NATURAL_SCRATCH_SIZE bytes.
 */
void pqs_depthwise_conv2d_natural(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Depthwise convolution, schedule `alternating`: while products of both signs are left, the next negative one is
 * added to a sum that is not negative, the next positive one to a negative sum; then the rest; each addition
 * saturating.
 * @param params dense, pruned or coded.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_ALTERNATING_SCRATCH_SIZE bytes.
 */
void pqs_depthwise_conv2d_alternating(const pqs_narrow_params *params,
                                      const int8_t *input,
                                      int8_t *output,
                                      void *scratch);

/**
 * @brief Depthwise convolution, schedule `alternating` for inputs of which none is less than input_zero_point: the
 * signs of the products are those of the weights.
 * @param params partitioned.
 * @param input batches * input_height * input_width * input_channels elements >= input_zero_point.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_ALTERNATING_PARTITIONED_SCRATCH_SIZE bytes.
 */
void pqs_depthwise_conv2d_alternating_partitioned(const pqs_narrow_params *params,
                                                  const int8_t *input,
                                                  int8_t *output,
                                                  void *scratch);

/**
 * @brief Depthwise convolution, schedule `sorted`: in each of `rounds` rounds, the greatest positive product is added
 * to the most negative one, the next to the next; once one sign is left, or the rounds are over, what remains is added
 * in ascending magnitude, the negative one of two equals first. With `tile`, each run of so many products, of weights
 * that are not zero, is reduced by itself, and the results are added from left to right. Each addition saturates.
 * @param params dense, pruned or coded.
 * @param input batches * input_height * input_width * input_channels elements.
 * @param output batches * output_height * output_width * output_channels elements; does not overlap the input.
 * @param scratch PQS_SORTED_SCRATCH_SIZE bytes.
 */
void pqs_depthwise_conv2d_sorted(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Fully connected layer, schedule `natural`: products are added from left to right, each addition saturating.
 * @param params dense, pruned or coded.
 * @param input batches * input_channels elements.
 * @param output batches * output_channels elements; does not overlap the input.
 * @param scratch PQS_NATURAL_SCRATCH_SIZE bytes.
 */
void pqs_fully_connected_natural(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Fully connected layer, schedule `alternating`: while products of both signs are left, the next negative one is
 * added to a sum that is not negative, the next positive one to a negative sum; then the rest; each addition
 * saturating.
 * @param params dense, pruned or coded.
 * @param input batches * input_channels elements.
 * @param output batches * output_channels elements; does not overlap the input.
 * @param scratch PQS_ALTERNATING_SCRATCH_SIZE bytes.
 */
void pqs_fully_connected_alternating(const pqs_narrow_params *params,
                                     const int8_t *input,
                                     int8_t *output,
                                     void *scratch);

/**
 * @brief Fully connected layer, schedule `alternating` for inputs of which none is less than input_zero_point: the
 * signs of the products are those of the weights.
 * @param params partitioned.
 * @param input batches * input_channels elements >= input_zero_point.
 * @param output batches * output_channels elements; does not overlap the input.
 * @param scratch PQS_ALTERNATING_PARTITIONED_SCRATCH_SIZE bytes.
 */
void pqs_fully_connected_alternating_partitioned(const pqs_narrow_params *params,
                                                 const int8_t *input,
                                                 int8_t *output,
                                                 void *scratch);

/**
 * @brief Fully connected layer, schedule `sorted`: in each of `rounds` rounds, the greatest positive product is added
 * to the most negative one, the next to the next; once one sign is left, or the rounds are over, what remains is added
 * in ascending magnitude, the negative one of two equals first. With `tile`, each run of so many products, of weights
 * that are not zero, is reduced by itself, and the results are added from left to right. Each addition saturates.
 * @param params dense, pruned or coded.
 * @param input batches * input_channels elements.
 * @param output batches * output_channels elements; does not overlap the input.
 * @param scratch PQS_SORTED_SCRATCH_SIZE bytes.
 */
void pqs_fully_connected_sorted(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch);

/**
 * @brief Element by element addition.
 * @param params any.
 * @param input1 count elements.
 * @param input2 count elements; may be input1.
 * @param output count elements; may be input1 or input2, else does not overlap them.
 */
void pqs_add(const pqs_add_params *params, const int8_t *input1, const int8_t *input2, int8_t *output);

/**
 * @brief Average of each window's valid taps, rounded half away from zero.
 * @param params any.
 * @param input batches * input_height * input_width * channels elements.
 * @param output batches * output_height * output_width * channels elements; does not overlap the input.
 */
void pqs_average_pool_2d(const pqs_pool_2d_params *params, const int8_t *input, int8_t *output);

/**
 * @brief Maximum of each window's valid taps.
 * @param params any.
 * @param input batches * input_height * input_width * channels elements.
 * @param output batches * output_height * output_width * channels elements; does not overlap the input.
 */
void pqs_max_pool_2d(const pqs_pool_2d_params *params, const int8_t *input, int8_t *output);

/**
 * @brief Softmax of each row.
 * @param params any.
 * @param input rows * depth elements.
 * @param output rows * depth elements; may be the input, else does not overlap it.
 */
void pqs_softmax(const pqs_softmax_params *params, const int8_t *input, int8_t *output);

/**
 * @brief Copy of the input with a constant around it.
 * @param params any.
 * @param input as many elements as input_shape says.
 * @param output as many elements as input_shape + before + after say; does not overlap the input.
 */
void pqs_pad(const pqs_pad_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif /* PQS_KERNELS_H */
