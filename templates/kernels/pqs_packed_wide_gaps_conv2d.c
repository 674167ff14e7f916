/* SPDX-License-Identifier: MIT-0 */
#include "pqs_packed_wide.h"

#if defined(PQS_THUMB2_LOOPS)

/* In assembly, since there are just enough registers for four accumulators of two. */

/** Adds the products of a code, the one whose gap is in so many bits from bit `from` on. */
#define PQS_WIDE_CODE(from, bits)                                                                                      \
    "ldrsb %[c], [%[codes]], #1\n\t"                                                                                   \
    "ubfx %[x], %[gaps], #" #from ", #" #bits "\n\t"                                                                   \
    "add %[row], %[row], %[x], lsl #5\n\t"                                                                             \
    "ldrd %[x], %[y], [%[row]], #8\n\t"                                                                                \
    "smlal %[l0], %[h0], %[x], %[c]\n\t"                                                                               \
    "smlal %[l1], %[h1], %[y], %[c]\n\t"                                                                               \
    "ldrd %[x], %[y], [%[row]], #24\n\t"                                                                               \
    "smlal %[l2], %[h2], %[x], %[c]\n\t"                                                                               \
    "smlal %[l3], %[h3], %[y], %[c]\n\t"

#define PQS_WIDE_GAPS "ldrb %[gaps], [%[codes]], #1\n\t"

#define PQS_WIDE_CODES_2                                                                                               \
    PQS_WIDE_GAPS PQS_WIDE_CODE(0, 2) PQS_WIDE_CODE(2, 2) PQS_WIDE_CODE(4, 2) PQS_WIDE_CODE(6, 2)

#define PQS_WIDE_CODES_4                                                                                               \
    PQS_WIDE_GAPS PQS_WIDE_CODE(0, 4) PQS_WIDE_CODE(4, 4) PQS_WIDE_GAPS PQS_WIDE_CODE(0, 4) PQS_WIDE_CODE(4, 4)

#define PQS_WIDE_RUN(four)                                                                                             \
    __asm__ volatile("1:\n\t" four "ldr %[c], %[end]\n\t"                                                              \
                     "cmp %[codes], %[c]\n\t"                                                                          \
                     "bne 1b\n\t"                                                                                      \
                     : [codes] "+r"(codes), [row] "+r"(row), [gaps] "=&r"(gaps), [x] "=&r"(x), [y] "=&r"(y),           \
                       [c] "=&r"(c), [l0] "+r"(l0), [h0] "+r"(h0), [l1] "+r"(l1), [h1] "+r"(h1), [l2] "+r"(l2),        \
                       [h2] "+r"(h2), [l3] "+r"(l3), [h3] "+r"(h3)                                                     \
                     : [end] "m"(end)                                                                                  \
                     : "cc", "memory")

/** Sums up half the words of a block, from `first` on. */
PQS_INLINE void
pqs_wide_sum_gaps_half(const pqs_wide_channel *channel, const uint32_t *rows, int32_t first, int32_t *sums)
{
    const int8_t *const end = channel->end;
    register const int8_t *codes __asm__("r0") = channel->codes;
    register uintptr_t row __asm__("r1") = (uintptr_t)(rows + first);
    register uint32_t gaps __asm__("r2");
    register uint32_t x __asm__("r3");
    register uint32_t y __asm__("r7");
    register uint32_t c __asm__("lr");
    register uint32_t l0 __asm__("r4") = 0;
    register uint32_t h0 __asm__("r5") = 0;
    register uint32_t l1 __asm__("r6") = 0;
    register uint32_t h1 __asm__("r8") = 0;
    register uint32_t l2 __asm__("r9") = 0;
    register uint32_t h2 __asm__("r10") = 0;
    register uint32_t l3 __asm__("r11") = 0;
    register uint32_t h3 __asm__("r12") = 0;
    if (channel->position_bits == 2) {
        PQS_WIDE_RUN(PQS_WIDE_CODES_2);
    } else {
        PQS_WIDE_RUN(PQS_WIDE_CODES_4);
    }
    pqs_wide_set(sums, first, (int64_t)((uint64_t)h0 << 32 | l0), channel->bias);
    pqs_wide_set(sums, first + 1, (int64_t)((uint64_t)h1 << 32 | l1), channel->bias);
    pqs_wide_set(sums, first + 2, (int64_t)((uint64_t)h2 << 32 | l2), channel->bias);
    pqs_wide_set(sums, first + 3, (int64_t)((uint64_t)h3 << 32 | l3), channel->bias);
}

PQS_NOINLINE void pqs_wide_sum_gaps(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums)
{
    pqs_wide_sum_gaps_half(channel, rows, 0, sums);
    pqs_wide_sum_gaps_half(channel, rows, PQS_PACKED_WORDS / 2, sums);
}

#elif defined(PQS_THUMB1_LOOPS)

/*
 * In assembly, to keep eight sums in registers: r4 to r11. r12 is the next code, lr the row behind the last code's; r0 and
 * r1 are words, r2 a weight, r3 the address of its row.
 */

/** Adds the products of a code: where the byte with its gap is, from which bit on, and where the weight is. */
#define PQS_WIDE_CODE(gap, from, bits, weight)                                                                         \
    "mov r0, r12\n\t"                                                                                                  \
    "ldrb r3, [r0, #" #gap "]\n\t"                                                                                     \
    "lsls r3, r3, #32-" #bits "-" #from "\n\t"                                                                         \
    "lsrs r3, r3, #32-" #bits "\n\t"                                                                                   \
    "lsls r3, r3, #5\n\t"                                                                                              \
    "add r3, lr\n\t"                                                                                                   \
    "movs r2, #" #weight "\n\t"                                                                                        \
    "ldrsb r2, [r0, r2]\n\t" PQS_PACKED_TWO(r4, r5) PQS_PACKED_TWO(r6, r7) PQS_PACKED_TWO(r8, r9)                      \
        PQS_PACKED_TWO(r10, r11)                                                                                       \
    "mov lr, r3\n\t"

#define PQS_WIDE_CODES_2                                                                                               \
    PQS_WIDE_CODE(0, 0, 2, 1) PQS_WIDE_CODE(0, 2, 2, 2) PQS_WIDE_CODE(0, 4, 2, 3) PQS_WIDE_CODE(0, 6, 2, 4)

#define PQS_WIDE_CODES_4                                                                                               \
    PQS_WIDE_CODE(0, 0, 4, 1) PQS_WIDE_CODE(0, 4, 4, 2) PQS_WIDE_CODE(3, 0, 4, 4) PQS_WIDE_CODE(3, 4, 4, 5)

/** Stores the sums of a pixel and of the one half a block further. */
#define PQS_WIDE_STORE(first, second)                                                                                  \
    "mov r0, " #first "\n\t"                                                                                           \
    "mov r1, " #second "\n\t"                                                                                          \
    "stm r3!, {r0, r1}\n\t"

/** Sums up a block by four codes in so many bytes. */
#define PQS_WIDE_RUN(four, bytes)                                                                                      \
    __asm__ volatile(".syntax unified\n\t"                                                                             \
                     "ldr r0, %[rows]\n\t"                                                                             \
                     "mov lr, r0\n\t"                                                                                  \
                     "ldr r4, %[bias]\n\t" PQS_PACKED_ALL_ALIKE "1:\n\t" four "movs r0, #" #bytes "\n\t"               \
                     "add r12, r0\n\t"                                                                                 \
                     "ldr r0, %[end]\n\t"                                                                              \
                     "cmp r12, r0\n\t"                                                                                 \
                     "bne 1b\n\t"                                                                                      \
                     "ldr r3, %[sums]\n\t" PQS_WIDE_STORE(r4, r8) PQS_WIDE_STORE(r5, r9) PQS_WIDE_STORE(r6, r10)       \
                         PQS_WIDE_STORE(r7, r11)                                                                       \
                     : "+h"(codes)                                                                                     \
                     : [rows] "m"(rows), [bias] "m"(bias), [end] "m"(end), [sums] "m"(sums)                            \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "lr", "cc", "memory")

PQS_NOINLINE void pqs_wide_sum_gaps(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums)
{
    const int8_t *const end = channel->end;
    const int32_t bias = channel->bias;
    const int32_t bits = channel->position_bits;
    register const int8_t *codes __asm__("r12") = channel->codes;
    if (bits == 2) {
        PQS_WIDE_RUN(PQS_WIDE_CODES_2, 5);
    } else {
        PQS_WIDE_RUN(PQS_WIDE_CODES_4, 6);
    }
}

#else

PQS_NOINLINE void pqs_wide_sum_gaps(const pqs_wide_channel *channel, const uint32_t *rows, int32_t *sums)
{
    pqs_wide_sum_any(channel, rows, sums, PQS_PACKED_BY_GAPS);
}

#endif

void pqs_conv2d_packed_wide_gaps_double(const pqs_packed_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        void *scratch)
{
    pqs_wide_run(params, input, output, scratch, pqs_wide_sum_gaps, PQS_ROUNDING_DOUBLE);
}

void pqs_conv2d_packed_wide_gaps_single(const pqs_packed_conv2d_params *params,
                                        const int8_t *input,
                                        int8_t *output,
                                        void *scratch)
{
    pqs_wide_run(params, input, output, scratch, pqs_wide_sum_gaps, PQS_ROUNDING_SINGLE);
}
