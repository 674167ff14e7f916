/* SPDX-License-Identifier: MIT-0 */
#include "pqs_narrow.h"

/*
 * A channel's products go to the scratch first: those that are not negative from its lower end upwards, the negative
 * ones from its upper end downwards.
 */

/** Products of both kinds, each in natural order: list[0] up to list[end - 1], and list[top] down to list[low + 1]. */
typedef struct {
    int16_t *list;
    int32_t end;
    int32_t low;
    int32_t top;
} pqs_split_products;

PQS_INLINE void pqs_split(pqs_split_products *products, int32_t product)
{
    if (product < 0) {
        products->list[products->low] = (int16_t)product;
        products->low--;
        PQS_OPAQUE(products->low); /* Keeps the branch, which is cheaper than two conditional stores. */
    } else {
        products->list[products->end] = (int16_t)product;
        products->end++;
    }
}

/** Computes a channel's products and moves on to the next channel's weights. */
PQS_INLINE pqs_split_products pqs_split_channel(pqs_stored *stored,
                                                const int16_t *column,
                                                int32_t depth,
                                                int16_t *lists)
{
    pqs_split_products products;
    products.list = lists;
    products.end = 0;
    products.low = depth - 1;
    products.top = depth - 1;
    const int8_t *weights = stored->weights;
    if (stored->group_codes > 0) {
        const int32_t bits = stored->position_bits;
        const int32_t mask = pqs_position_mask(stored);
        for (; depth > 0; depth -= mask + 1) {
            for (int32_t left = stored->group_codes; left > 0; left--) {
                const int32_t code = *weights++;
                /* There may be more codes than there is room for products, but not of weights other than 0. */
                if (PQS_LIKELY(code > mask || code < 0)) {
                    pqs_split(&products, (code >> bits) * column[code & mask]);
                }
            }
            column += mask + 1;
        }
    } else if (stored->positions == NULL) {
        for (; depth > 0; depth--) {
            pqs_split(&products, *weights++ * *column++);
        }
    } else {
        for (;;) {
            uint32_t mask = pqs_load_mask(&stored->positions, depth);
            while (mask != 0) {
                const uint32_t position = pqs_first_position(mask);
                pqs_split(&products, *weights++ * column[position]);
                mask = pqs_without_position(mask, position);
            }
            if (depth <= PQS_MASK_BITS) {
                break;
            }
            depth -= PQS_MASK_BITS;
            column += PQS_MASK_BITS;
            PQS_OPAQUE(depth);
        }
    }
    stored->weights = weights;
    return products;
}

/**
 * Accumulates both kinds of products in turns. The indexes are such that one test of a sign bit ends a run, be it that
 * the accumulator has changed sides or that the products are used up.
 */
PQS_INLINE int32_t pqs_alternate(const pqs_split_products *products, int32_t half)
{
    const int16_t *const end = products->list + products->end;
    const int16_t *const low = products->list + products->low + 1;
    int32_t positive = -products->end;                    /* -(so many are left) */
    int32_t negative = products->top - products->low - 1; /* (so many are left) - 1 */
    int32_t accumulator = 0;
    while (positive < 0 && negative >= 0) {
        do {
            accumulator += low[negative];
            negative--;
            PQS_OPAQUE(negative);
        } while ((negative | accumulator) >= 0);
        if (PQS_UNLIKELY(accumulator < -half)) {
            accumulator = -half;
        }
        if (negative < 0) {
            break;
        }
        do {
            accumulator += end[positive];
            positive++;
            PQS_OPAQUE(positive);
        } while ((positive & accumulator) < 0);
        if (PQS_UNLIKELY(accumulator >= half)) {
            accumulator = half - 1;
        }
    }
    for (; negative >= 0; negative--) {
        accumulator += low[negative];
        if (PQS_UNLIKELY(accumulator < -half)) {
            /* Where it stays: only negative products are left. */
            return -half;
        }
    }
    for (; positive < 0; positive++) {
        accumulator += end[positive];
        if (PQS_UNLIKELY(accumulator >= half)) {
            return half - 1;
        }
    }
    return accumulator;
}

PQS_NOINLINE void pqs_alternating_position(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output)
{
    const int32_t half = pqs_half_range(params);
    const int16_t *column = columns->first;
    pqs_stored stored = pqs_stored_weights(params);
    int32_t left = columns->channels;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        const pqs_split_products products = pqs_split_channel(&stored, column, columns->depth, columns->lists);
        output[channel] = pqs_narrow_output(params, channel, pqs_alternate(&products, half));
        if (--left == 0) {
            left = columns->channels;
            column += columns->depth;
        }
    }
}

void pqs_conv2d_alternating(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_conv2d(params, input, output, scratch, pqs_alternating_position);
}

void pqs_depthwise_conv2d_alternating(const pqs_narrow_params *params,
                                      const int8_t *input,
                                      int8_t *output,
                                      void *scratch)
{
    pqs_narrow_depthwise_conv2d(params, input, output, scratch, pqs_alternating_position);
}

void pqs_fully_connected_alternating(const pqs_narrow_params *params,
                                     const int8_t *input,
                                     int8_t *output,
                                     void *scratch)
{
    pqs_narrow_fully_connected(params, input, output, scratch, pqs_alternating_position);
}
