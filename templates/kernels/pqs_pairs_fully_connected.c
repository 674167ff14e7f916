/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_fully_connected.h"

/*
 * A word has two groups of a channel: of each the number of its pair of inputs, and two weights. Sums are 2^10
 * times as large as they ought to be; the generator proved that they fit.
 */

/** Adds the products of two groups, of which `pairs` has the pairs of inputs. */
PQS_INLINE int32_t pqs_add_pairs(uint32_t word, const uint32_t *pairs, int32_t sum)
{
    sum = pqs_pairs_add(word & PQS_PAIRS_WEIGHTS, pairs[word & 15u], sum);
    return pqs_pairs_add((word << PQS_PAIRS_SECOND) & PQS_PAIRS_WEIGHTS, pairs[word >> 16 & 15u], sum);
}

/** The sum of a channel's products. */
PQS_INLINE int32_t pqs_sum_pairs(const uint32_t *words, const uint32_t *pairs, int32_t count)
{
    int32_t sum = 0;
    for (; count >= 4; count -= 4) {
        sum = pqs_add_pairs(words[0], pairs, sum);
        sum = pqs_add_pairs(words[1], pairs + 2 * PQS_PAIRS, sum);
        sum = pqs_add_pairs(words[2], pairs + 4 * PQS_PAIRS, sum);
        sum = pqs_add_pairs(words[3], pairs + 6 * PQS_PAIRS, sum);
        words += 4;
        pairs += 8 * PQS_PAIRS;
    }
    for (; count > 0; count--) {
        sum = pqs_add_pairs(*words++, pairs, sum);
        pairs += 2 * PQS_PAIRS;
        PQS_OPAQUE(count);
    }
    return sum >> PQS_PAIRS_SHIFT;
}

PQS_INLINE void pqs_fully_connected_pairs(
    const pqs_packed_fully_connected_params *params, const int8_t *input, int8_t *output, void *scratch, int rounding)
{
    const int32_t channel_words = (params->input_size + 7) / 8;
    uint32_t *pairs = (uint32_t *)scratch;
    for (int32_t batch = 0; batch < params->batches; batch++) {
        const uint32_t *words = (const uint32_t *)(const void *)params->weights;
        pqs_pair_inputs(input, params->input_size, pairs);
        for (int32_t channel = 0; channel < params->output_size; channel += PQS_PACKED_CHANNELS) {
            const int32_t count = pqs_packed_channels(params, channel);
            int32_t sums[PQS_PACKED_CHANNELS];
            pqs_packed_biases(params, channel, count, sums);
            for (int32_t index = 0; index < count; index++) {
                sums[index] += pqs_sum_pairs(words, pairs, channel_words);
                words += channel_words;
            }
            pqs_packed_outputs(params, channel, count, sums, output, rounding);
        }
        pqs_clamp_elements(output, params->output_size, params->activation_min, params->activation_max);
        input += params->input_size;
        output += params->output_size;
    }
}

void pqs_fully_connected_pairs_double(const pqs_packed_fully_connected_params *params,
                                      const int8_t *input,
                                      int8_t *output,
                                      void *scratch)
{
    pqs_fully_connected_pairs(params, input, output, scratch, PQS_ROUNDING_DOUBLE);
}

void pqs_fully_connected_pairs_single(const pqs_packed_fully_connected_params *params,
                                      const int8_t *input,
                                      int8_t *output,
                                      void *scratch)
{
    pqs_fully_connected_pairs(params, input, output, scratch, PQS_ROUNDING_SINGLE);
}
