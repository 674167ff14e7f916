/* SPDX-License-Identifier: MIT-0 */
#include "pqs_pairs_conv2d.h"

/*
 * Weights of eight bits are in words of two groups, whose bytes belong to them by turns: at the word's address, bytes 0
 * and 2 are the first group's pair, at the next address the second group's.
 */

/** Bytes of a step of four groups: the numbers of their pairs, then two words. */
#define PQS_PAIRS_STEP_BYTES 10

/** The bits of a pair's number. */
#define PQS_PAIRS_NUMBER 3u

/** Among the numbers: set in a channel's last step. */
#define PQS_PAIRS_LAST 0x8000u

#if defined(PQS_PAIRS_ASSEMBLY)

/** A group whose weights are at the address, which then moves on by `step`. */
#define PQS_PAIRS_STORED_GROUP(step, offset)                                                                           \
    "ldr %[w], [%[codes]], #" #step "\n\t"                                                                             \
    "bfi %[group], %[c], #5, #3\n\t"                                                                                   \
    "sxtb16 %[w], %[w]\n\t" PQS_PAIRS_EIGHT(offset, w)

#define PQS_PAIRS_NEXT "lsr %[c], %[c], #3\n\t"

#define PQS_PAIRS_RUN                                                                                                  \
    "1:\n\t"                                                                                                           \
    "ldrh %[c], [%[codes]], #2\n\t" PQS_PAIRS_STORED_GROUP(1, 0) PQS_PAIRS_NEXT PQS_PAIRS_STORED_GROUP(3, 256)         \
    PQS_PAIRS_NEXT PQS_PAIRS_STORED_GROUP(1, 512) PQS_PAIRS_NEXT PQS_PAIRS_STORED_GROUP(3, 768)                        \
    "add %[group], %[group], #1024\n\t"                                                                                \
    "tst %[c], #64\n\t"                                                                                                \
    "beq 1b\n\t"

#endif

/** Sums up weights of eight bits. */
PQS_NOINLINE void pqs_pairs_sum_wide(const int8_t *codes, const uint32_t *pairs, int32_t sums[PQS_PAIRS_PIXELS])
{
#if defined(PQS_PAIRS_ASSEMBLY)
    PQS_PAIRS_SUM(PQS_PAIRS_RUN);
#else
    uint32_t numbers;
    memset(sums, 0, PQS_PAIRS_PIXELS * sizeof *sums);
    do {
        numbers = (uint32_t)(uint8_t)codes[0] | (uint32_t)(uint8_t)codes[1] << 8;
        for (uint32_t group = 0; group < 4u; group++) {
            const int8_t *const first = codes + 2u + 4u * (group / 2u) + group % 2u;
            const uint32_t weights = ((uint32_t)first[2] << 16) | ((uint32_t)first[0] & 0xFFFFu);
            pqs_pairs_add_group(pairs, numbers >> (PQS_PAIRS_NUMBER * group), weights, sums);
            pairs += PQS_PAIRS_GROUP;
        }
        codes += PQS_PAIRS_STEP_BYTES;
    } while ((numbers & PQS_PAIRS_LAST) == 0u);
#endif
}

static const pqs_pairs_summing pqs_pairs_of_many_bits = {pqs_pairs_sum_wide, 0};

void pqs_conv2d_pairs_wide_double(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  void *scratch)
{
    pqs_pairs_run(params, input, output, scratch, pqs_pairs_of_many_bits, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_pairs_wide_single(const pqs_packed_conv2d_params *params,
                                  const int8_t *input,
                                  int8_t *output,
                                  void *scratch)
{
    pqs_pairs_run(params, input, output, scratch, pqs_pairs_of_many_bits, PQS_ROUNDING_SINGLE);
}
