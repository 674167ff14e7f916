/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_fully_connected.h"

/** Two inputs as halves. */
PQS_INLINE uint32_t pqs_pair(int32_t first, int32_t second)
{
    return ((uint32_t)second << 16) | ((uint32_t)first & 0xFFFFu);
}

/** The six pairs of four inputs. */
PQS_INLINE void pqs_pair_group(int32_t x0, int32_t x1, int32_t x2, int32_t x3, uint32_t pairs[PQS_PAIRS])
{
    pairs[0] = pqs_pair(x0, x1);
    pairs[1] = pqs_pair(x0, x2);
    pairs[2] = pqs_pair(x0, x3);
    pairs[3] = pqs_pair(x1, x2);
    pairs[4] = pqs_pair(x1, x3);
    pairs[5] = pqs_pair(x2, x3);
}

void pqs_pair_inputs(const int8_t *input, int32_t count, uint32_t *pairs)
{
    const int32_t groups = (count + 3) / 4;
    for (; count >= PQS_GROUP_INPUTS; count -= PQS_GROUP_INPUTS) {
        pqs_pair_group(input[0], input[1], input[2], input[3], pairs);
        input += PQS_GROUP_INPUTS;
        pairs += PQS_PAIRS;
    }
    if (count > 0) {
        pqs_pair_group(input[0], count > 1 ? input[1] : 0, count > 2 ? input[2] : 0, 0, pairs);
        pairs += PQS_PAIRS;
    }
    if (groups % 2 != 0) {
        memset(pairs, 0, PQS_PAIRS * sizeof *pairs);
    }
}
