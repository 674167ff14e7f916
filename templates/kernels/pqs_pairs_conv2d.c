/* SPDX-License-Identifier: MIT-0 */
#include "pqs_pairs_conv2d.h"

/** Words of weights are of two groups; loops take two of them at once. */
#define PQS_PAIRS_STEP 2

/** In the second word of a step: set in a channel's last. */
#define PQS_PAIRS_LAST 8u

#if defined(PQS_PAIRS_ASSEMBLY)

/** The first group of a word, `offset` bytes from the address. */
#define PQS_PAIRS_FIRST_GROUP(offset)                                                                                  \
    "ldr %[c], [%[codes]], #4\n\t"                                                                                     \
    "bfi %[group], %[c], #5, #3\n\t"                                                                                   \
    "and %[w], %[c], #0xFC00FC00\n\t" PQS_PAIRS_EIGHT(offset, w)

/** The second group of a word. */
#define PQS_PAIRS_SECOND_GROUP(offset)                                                                                 \
    "lsr %[x0], %[c], #16\n\t"                                                                                         \
    "bfi %[group], %[x0], #5, #3\n\t"                                                                                  \
    "lsl %[c], %[c], #6\n\t"                                                                                           \
    "and %[c], %[c], #0xFC00FC00\n\t" PQS_PAIRS_EIGHT(offset, c)

#define PQS_PAIRS_RUN                                                                                                  \
    "1:\n\t" PQS_PAIRS_FIRST_GROUP(0) PQS_PAIRS_SECOND_GROUP(256) PQS_PAIRS_FIRST_GROUP(512)                           \
    "tst %[c], #8\n\t" PQS_PAIRS_SECOND_GROUP(768)                                                                     \
    "add %[group], %[group], #1024\n\t"                                                                                \
    "beq 1b\n\t"

#endif

/** Sums up weights of six bits. */
PQS_NOINLINE void pqs_pairs_sum(const int8_t *codes, const uint32_t *pairs, int32_t sums[PQS_PAIRS_PIXELS])
{
#if defined(PQS_PAIRS_ASSEMBLY)
    PQS_PAIRS_SUM(PQS_PAIRS_RUN);
#else
    uint32_t last;
    memset(sums, 0, PQS_PAIRS_PIXELS * sizeof *sums);
    do {
        last = 0;
        for (int32_t word = 0; word < PQS_PAIRS_STEP; word++) {
            uint32_t code;
            memcpy(&code, codes, sizeof code);
            last = code & PQS_PAIRS_LAST;
            pqs_pairs_add_group(pairs, code, code & PQS_PAIRS_WEIGHTS, sums);
            pqs_pairs_add_group(
                pairs + PQS_PAIRS_GROUP, code >> 16, (code << PQS_PAIRS_SECOND) & PQS_PAIRS_WEIGHTS, sums);
            pairs += 2 * PQS_PAIRS_GROUP;
            codes += sizeof code;
        }
    } while (last == 0);
#endif
}

static const pqs_pairs_summing pqs_pairs_of_few_bits = {pqs_pairs_sum, PQS_PAIRS_SHIFT};

void pqs_conv2d_pairs_double(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_pairs_run(params, input, output, scratch, pqs_pairs_of_few_bits, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_pairs_single(const pqs_packed_conv2d_params *params, const int8_t *input, int8_t *output, void *scratch)
{
    pqs_pairs_run(params, input, output, scratch, pqs_pairs_of_few_bits, PQS_ROUNDING_SINGLE);
}
