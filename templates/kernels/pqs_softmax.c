/* SPDX-License-Identifier: MIT-0 */
/*
 * Fixed-point numbers: Qi.f has i integer bits and f fraction bits beside the sign, i + f = 31. The product of Qa.* and
 * Qb.*, rounded, is Q(a+b).*: pqs_multiply_doubled_high, whose second factor must not be negative.
 */
#include "pqs_internal.h"

#define PQS_SOFTMAX_SUM_INTEGER_BITS 12

/**
 * exp(x) in Q0.31 for x <= 0 in Q5.26.
 *
 * x is split into a multiple of 1/4 and a rest in [-1/4, 0). exp(rest) is the Taylor polynomial of degree 4 about -1/8;
 * the multiple's bits select factors exp(-2^i).
 */
PQS_INLINE int32_t pqs_exp_of_negative(int32_t x)
{
    /* exp(-1/4), exp(-1/2), exp(-1), ... exp(-16) in Q0.31. */
    static const int32_t powers[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int32_t exp_of_minus_eighth = 1895147668;
    const int32_t third = 715827883;
    const int32_t quarter = 1 << 24;
    if (x == 0) {
        return INT32_MAX;
    }
    const int32_t rest = (x & (quarter - 1)) - quarter;
    const int32_t t = rest * 32 + (1 << 28); /* rest + 1/8 in Q0.31 */
    const int32_t magnitude = t < 0 ? -t : t;
    const int32_t t2 = pqs_multiply_doubled_high(magnitude, magnitude);
    const int32_t t3 = pqs_multiply_doubled_high(t, t2);
    const int32_t t4 = pqs_multiply_doubled_high(t2, t2);
    /* t^2/2 + t^3/6 + t^4/24 = ((t^4/4 + t^3)/3 + t^2)/2 */
    const int32_t tail = pqs_round(pqs_multiply_doubled_high(pqs_round(t4, 2) + t3, third) + t2, 1);
    int32_t result = exp_of_minus_eighth + pqs_multiply_doubled_high(t + tail, exp_of_minus_eighth);
    const int32_t multiple = rest - x;
    for (int32_t bit = 0; bit < 7; bit++) {
        if ((multiple >> (24 + bit)) & 1) {
            result = pqs_multiply_doubled_high(result, powers[bit]);
        }
    }
    return result;
}

/** 1 / (1 + x) in Q0.31 for x in [0, 1) in Q0.31, by Newton's iteration on the reciprocal of (1 + x) / 2. */
PQS_INLINE int32_t pqs_reciprocal_of_one_plus(int32_t x)
{
    const int32_t start = 1515870810;  /* 48/17 in Q2.29 */
    const int32_t slope = -1010580540; /* -32/17 in Q2.29 */
    const int32_t half_denominator = (x >> 1) + (1 << 30);
    int32_t estimate = start + pqs_multiply_doubled_high(slope, half_denominator);
    for (int iteration = 0; iteration < 3; iteration++) {
        const int32_t error = (1 << 29) - pqs_multiply_doubled_high(half_denominator, estimate);
        estimate += pqs_multiply_doubled_high(error, estimate) * 4; /* Q4.27 to Q2.29 */
    }
    return estimate >= (1 << 30) ? INT32_MAX : estimate * 2; /* half of it, Q1.30 to Q0.31 */
}

/** The exponential of a difference, which is at least diff_min and at most 0. */
PQS_INLINE int32_t pqs_softmax_exp(const pqs_softmax_params *params, int32_t difference)
{
    const int32_t shifted = pqs_shift_left(difference, params->input_left_shift);
    return pqs_exp_of_negative(pqs_multiply_doubled_high(shifted, params->input_multiplier));
}

void pqs_softmax(const pqs_softmax_params *params, const int8_t *input, int8_t *output)
{
    const int32_t depth = params->depth;
    for (int32_t row = 0; row < params->rows; row++) {
        int32_t highest = INT8_MIN;
        for (int32_t i = 0; i < depth; i++) {
            highest = pqs_max(highest, input[i]);
        }
        int32_t sum = 0;
        for (int32_t i = 0; i < depth; i++) {
            const int32_t difference = input[i] - highest;
            if (difference >= params->diff_min) {
                sum += pqs_round(pqs_softmax_exp(params, difference), PQS_SOFTMAX_SUM_INTEGER_BITS);
            }
        }
        /* sum = (1 + fraction) * 2^(integer bits - headroom): at least 1, the greatest element's share. */
        int32_t headroom = 1;
        while (((uint32_t)sum << headroom) < 0x80000000u) {
            headroom++;
        }
        const int32_t fraction = (int32_t)(((uint32_t)sum << headroom) - 0x80000000u);
        const int32_t scale = pqs_reciprocal_of_one_plus(fraction);
        const int32_t exponent = PQS_SOFTMAX_SUM_INTEGER_BITS - headroom + 31 - 8;
        for (int32_t i = 0; i < depth; i++) {
            const int32_t difference = input[i] - highest;
            int32_t value = INT8_MIN;
            /* An exponent above 31 belongs to a sum above 512, where every probability rounds to 0. */
            if (difference >= params->diff_min && exponent <= 31) {
                const int32_t probability = pqs_multiply_doubled_high(scale, pqs_softmax_exp(params, difference));
                value = pqs_min(pqs_round(probability, exponent) + INT8_MIN, INT8_MAX);
            }
            output[i] = (int8_t)value;
        }
        input += depth;
        output += depth;
    }
}
