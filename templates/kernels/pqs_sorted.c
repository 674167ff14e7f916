/* SPDX-License-Identifier: MIT-0 */
#include "pqs_narrow.h"

/** Lists up to this length are sorted by insertion, and longer ones in runs of at most so many elements. */
#define PQS_SORT_RUN 8

/** A channel's products that are still to be formed. */
typedef struct {
    pqs_stored stored;
    const int16_t *column;
    int32_t depth; /* weights, zeros included, after those of the mask; of codes, those of the group too */
    uint32_t mask;
    int32_t group_left; /* codes of the group */
} pqs_product_source;

/** Products other than 0, of both signs. */
typedef struct {
    int16_t *first;
    int16_t *spare; /* as long as the list, and free */
    int32_t count;
    int32_t negative; /* so many of them are negative */
} pqs_products;

PQS_INLINE void pqs_begin_channel(pqs_product_source *source, const int16_t *column, int32_t depth)
{
    source->column = column;
    source->depth = depth;
    source->mask = 0;
    source->group_left = source->stored.group_codes;
    if (source->stored.positions != NULL) {
        source->mask = pqs_load_mask(&source->stored.positions, depth);
        source->depth -= PQS_MASK_BITS;
    }
}

PQS_INLINE void pqs_append(pqs_products *products, int32_t product)
{
    products->first[products->count] = (int16_t)product;
    products->count += product != 0 ? 1 : 0;
    products->negative += product < 0 ? 1 : 0;
}

/** Forms the products of the next `terms` weights other than zero, or of as many as there are. */
PQS_NOINLINE pqs_products pqs_form_products(pqs_product_source *source, int32_t terms, int16_t *lists)
{
    const int8_t *weights = source->stored.weights;
    const int16_t *column = source->column;
    int32_t depth = source->depth;
    pqs_products products;
    products.first = lists;
    products.count = 0;
    products.negative = 0;
    if (source->stored.group_codes > 0) {
        const int32_t bits = source->stored.position_bits;
        const int32_t mask = pqs_position_mask(&source->stored);
        int32_t left = source->group_left;
        while (depth > 0 && terms > 0) {
            const int32_t code = *weights++;
            pqs_append(&products, (code >> bits) * column[code & mask]);
            terms -= code > mask || code < 0 ? 1 : 0;
            if (--left == 0) {
                left = source->stored.group_codes;
                column += mask + 1;
                depth -= mask + 1;
            }
        }
        source->group_left = left;
    } else if (source->stored.positions == NULL) {
        for (; depth > 0 && terms > 0; depth--) {
            const int32_t weight = *weights++;
            pqs_append(&products, weight * *column++);
            terms -= weight != 0 ? 1 : 0;
        }
    } else {
        uint32_t mask = source->mask;
        for (;;) {
            for (; mask != 0 && terms > 0; terms--) {
                const uint32_t position = pqs_first_position(mask);
                pqs_append(&products, *weights++ * column[position]);
                mask = pqs_without_position(mask, position);
            }
            if (mask != 0 || depth <= 0) {
                break;
            }
            column += PQS_MASK_BITS;
            mask = pqs_load_mask(&source->stored.positions, depth);
            depth -= PQS_MASK_BITS;
        }
        source->mask = mask;
    }
    source->stored.weights = weights;
    source->column = column;
    source->depth = depth;
    products.spare = lists + products.count;
    return products;
}

/** Sorts a short list by insertion. */
PQS_INLINE void pqs_insert(int16_t *list, const int16_t *end)
{
    for (int16_t *next = list + 1; next < end; next++) {
        const int16_t value = *next;
        int16_t *hole = next;
        if (value < *list) {
            do {
                hole[0] = hole[-1];
                hole--;
                PQS_OPAQUE(hole); /* Not a call of memmove for a few elements. */
            } while (hole != list);
        } else {
            for (; hole[-1] > value; hole--) {
                hole[0] = hole[-1];
            }
        }
        *hole = value;
    }
}

/**
 * Merges two sorted lists, neither empty. The output may run into one of them, if it starts before that one by no less
 * than the other one's length.
 */
PQS_INLINE void
pqs_merge(const int16_t *a, const int16_t *a_end, const int16_t *b, const int16_t *b_end, int16_t *output)
{
    if (a_end[-1] > b_end[-1]) {
        const int16_t *other = a;
        a = b;
        b = other;
        other = a_end;
        a_end = b_end;
        b_end = other;
    }
    /* The last element is one of b's, so that a alone has to be watched. */
    int16_t from_a = *a++;
    int16_t from_b = *b++;
    for (;;) {
        while (from_b < from_a) {
            *output++ = from_b;
            from_b = *b++;
        }
        do {
            *output++ = from_a;
            if (a == a_end) {
                *output++ = from_b;
                while (b != b_end) {
                    *output++ = *b++;
                }
                return;
            }
            from_a = *a++;
        } while (from_a <= from_b);
    }
}

/** Sorts a list. Returns where it is then: in place or in the spare list. */
PQS_NOINLINE int16_t *pqs_sort(int16_t *list, int32_t count, int16_t *spare)
{
    int16_t *const end = list + count;
    for (int16_t *run = list; run < end; run += PQS_SORT_RUN) {
        pqs_insert(run, end - run > PQS_SORT_RUN ? run + PQS_SORT_RUN : end);
    }
    for (int32_t run = PQS_SORT_RUN; run < count; run *= 2) {
        int32_t start = 0;
        for (; count - start > run; start += 2 * run) {
            const int16_t *middle = list + start + run;
            pqs_merge(list + start, middle, middle, middle + pqs_min(run, count - start - run), spare + start);
        }
        if (start < count) {
            memcpy(spare + start, list + start, (size_t)(count - start) * sizeof *list);
        }
        int16_t *sorted = spare;
        spare = list;
        list = sorted;
    }
    return list;
}

/** Sorts products. */
PQS_INLINE void pqs_sort_products(pqs_products *products)
{
    int16_t *sorted = pqs_sort(products->first, products->count, products->spare);
    if (sorted != products->first) {
        products->spare = products->first;
        products->first = sorted;
    }
}

/** One round, of sorted products: the outermost two are added, and so on inwards. */
PQS_INLINE void pqs_add_pairs(pqs_products *products, int32_t pairs, int32_t half)
{
    pqs_products sums;
    sums.first = products->spare;
    sums.spare = products->first;
    sums.count = 0;
    sums.negative = 0;
    const int16_t *negative = products->first;
    const int16_t *positive = products->first + products->count;
    for (int32_t pair = pairs; pair > 0; pair--) {
        pqs_append(&sums, pqs_saturate_narrow(*negative++ + *--positive, half));
    }
    const int32_t rest = (int32_t)(positive - negative);
    products->negative = pqs_max(products->negative - pairs, 0) + sums.negative;
    products->count = sums.count + rest;
    pqs_sort_products(&sums);
    if (rest == 0) {
        products->first = sums.first;
        products->spare = sums.spare;
    } else if (sums.count == 0) {
        products->first += pairs;
    } else {
        /* The rest is where the products were, after the pairs, and there are no more sums than pairs. */
        pqs_merge(sums.first, sums.first + sums.count, negative, positive, sums.spare);
        products->first = sums.spare;
        products->spare = sums.first;
    }
}

/** Accumulates sorted products in ascending magnitude, the negative one of two equals first. */
PQS_INLINE int32_t pqs_accumulate_ascending(const pqs_products *products, int32_t half)
{
    const int16_t *const low = products->first;
    const int16_t *const end = low + products->count;
    const int16_t *positive = low + products->negative;
    const int16_t *negative = positive;
    int32_t accumulator = 0;
    while (positive != end && negative != low) {
        accumulator += -negative[-1] <= *positive ? *--negative : *positive++;
        accumulator = pqs_saturate_narrow(accumulator, half);
    }
    while (negative != low) {
        accumulator += *--negative;
        if (PQS_UNLIKELY(accumulator < -half)) {
            /* Where it stays: only negative products are left. */
            return -half;
        }
    }
    while (positive != end) {
        accumulator += *positive++;
        if (PQS_UNLIKELY(accumulator >= half)) {
            return half - 1;
        }
    }
    return accumulator;
}

/** Reduces products to one value. `rounds` >= 1. */
PQS_NOINLINE int32_t pqs_reduce(const pqs_products *formed, int32_t rounds, int32_t half)
{
    pqs_products products = *formed;
    pqs_sort_products(&products);
    for (; rounds > 0; rounds--) {
        const int32_t pairs = pqs_min(products.negative, products.count - products.negative);
        if (pairs == 0) {
            break;
        }
        pqs_add_pairs(&products, pairs, half);
    }
    return pqs_accumulate_ascending(&products, half);
}

PQS_NOINLINE void pqs_sorted_position(const pqs_narrow_params *params, const pqs_columns *columns, int8_t *output)
{
    const int32_t half = pqs_half_range(params);
    const int32_t rounds = params->rounds == 0 ? INT32_MAX : params->rounds;
    const int32_t tile = params->tile == 0 ? INT32_MAX : params->tile;
    const int16_t *column = columns->first;
    pqs_product_source source;
    source.stored = pqs_stored_weights(params);
    int32_t left = columns->channels;
    for (int32_t channel = 0; channel < params->output_channels; channel++) {
        pqs_begin_channel(&source, column, columns->depth);
        int32_t accumulator = 0;
        while (source.depth > 0 || source.mask != 0) {
            const pqs_products products = pqs_form_products(&source, tile, columns->lists);
            accumulator = pqs_saturate_narrow(accumulator + pqs_reduce(&products, rounds, half), half);
        }
        output[channel] = pqs_narrow_output(params, channel, accumulator);
        if (--left == 0) {
            left = columns->channels;
            column += columns->depth;
        }
    }
}

void pqs_conv2d_sorted(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_conv2d(params, input, output, scratch, pqs_sorted_position);
}

void pqs_depthwise_conv2d_sorted(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_depthwise_conv2d(params, input, output, scratch, pqs_sorted_position);
}

void pqs_fully_connected_sorted(const pqs_narrow_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_narrow_fully_connected(params, input, output, scratch, pqs_sorted_position);
}
