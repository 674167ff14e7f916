/* SPDX-License-Identifier: MIT-0 */
/**
 * @file pqs_matrix_multiply.h
 * @brief Products of a matrix of weights and columns of inputs, in 32 bits.
 */
#ifndef PQS_MATRIX_MULTIPLY_H
#define PQS_MATRIX_MULTIPLY_H

#include "pqs_matrix.h"

/* One copy of each for all kernels. */

void pqs_multiply_column_double(const pqs_matrix *matrix, const int8_t *column, int8_t *output);

void pqs_multiply_column_single(const pqs_matrix *matrix, const int8_t *column, int8_t *output);

/** Multiplies a matrix by one column; the last argument is a constant. */
PQS_INLINE void
pqs_column(const pqs_matrix *matrix, const int8_t *column, int8_t *output, int rounding)
{
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_multiply_column_double(matrix, column, output);
    } else {
        pqs_multiply_column_single(matrix, column, output);
    }
}

#if defined(PQS_NO_LONG_MULTIPLY)

/** Multiplies a matrix by two columns. */
PQS_INLINE void pqs_two_columns(const pqs_matrix *matrix,
                                const int8_t *column0,
                                const int8_t *column1,
                                int8_t *output0,
                                int8_t *output1,
                                int rounding)
{
    pqs_column(matrix, column0, output0, rounding);
    pqs_column(matrix, column1, output1, rounding);
}

#else

/** True for columns that pqs_multiply_two_columns takes. */
PQS_INLINE int pqs_are_pair(const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1)
{
#if defined(PQS_DSP)
    (void)matrix;
    (void)column0;
    (void)column1;
    return 1;
#else
    return column1 == column0 + matrix->depth;
#endif
}

void pqs_multiply_two_columns_double(
    const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1, int8_t *output0, int8_t *output1);

void pqs_multiply_two_columns_single(
    const pqs_matrix *matrix, const int8_t *column0, const int8_t *column1, int8_t *output0, int8_t *output1);

/** Multiplies a matrix by two columns; the last argument is a constant. */
PQS_INLINE void pqs_two_columns(const pqs_matrix *matrix,
                                const int8_t *column0,
                                const int8_t *column1,
                                int8_t *output0,
                                int8_t *output1,
                                int rounding)
{
    if (!pqs_are_pair(matrix, column0, column1)) {
        pqs_column(matrix, column0, output0, rounding);
        pqs_column(matrix, column1, output1, rounding);
        return;
    }
    if (rounding == PQS_ROUNDING_DOUBLE) {
        pqs_multiply_two_columns_double(matrix, column0, column1, output0, output1);
    } else {
        pqs_multiply_two_columns_single(matrix, column0, column1, output0, output1);
    }
}

#endif

#endif /* PQS_MATRIX_MULTIPLY_H */
