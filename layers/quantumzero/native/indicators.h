/* What the parts of the indicators share. Every function writes all n elements of its output.
 *
 * A series is exact (int64 numerators over `denominator`) or of doubles (denominator 0). An
 * undefined input restarts a function that remembers: its next bar is again its first one; so does
 * a result beyond the doubles. Functions that return int64 return QZ_DONE, or QZ_DECLINED when the
 * values are too far apart for their arithmetic: the caller then steps the Python form.
 */
#ifndef QUANTUMZERO_INDICATORS_H
#define QUANTUMZERO_INDICATORS_H

#include "kernel.h"

#define QZ_DONE 0
#define QZ_DECLINED 1

typedef __int128 wide;

typedef struct {
    const int64_t *exact;
    const double *doubles;
    double denominator;
} series;

static inline series qz_series(const void *values, double denominator) {
    series made = {denominator != 0 ? values : 0, denominator != 0 ? 0 : values, denominator};
    return made;
}

static inline int qz_defined(const series *from, int64_t i) {
    return from->exact ? from->exact[i] != QZ_UNDEFINED : from->doubles[i] == from->doubles[i];
}

/* A double result beyond the finite doubles is undefined: NaN. */
static inline double qz_or_nan(double value) { return qz_finite(value) ? value : NAN; }

/* The double of an exact value: convert, then divide, as Python's float(numerator) / denominator. */
static inline double qz_quotient(int64_t numerator, double denominator) {
    return (double)numerator / denominator;
}

/* The value at i as a double; the caller has asked qz_defined. */
static inline double qz_at(const series *from, int64_t i) {
    return from->exact ? qz_quotient(from->exact[i], from->denominator) : from->doubles[i];
}

/* Squares and sums of such values stay far inside the doubles. */
static inline int qz_tame(const double *values, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        if (fabs(values[i]) > 1e100) return 0;
    return 1;
}

/* Sums of doubles without rounding, the quick way: where fits says so, every value is a whole
 * multiple of 2^lowest, and the sums of any `count` of them fit 127 bits. */
typedef struct {
    int lowest;
    int fits;
} grid;

grid qz_grid(const double *values, int64_t n, int64_t count);

/* value as a multiple of 2^lowest */
static inline wide qz_multiple(double value, int lowest) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const int exponent = (int)((bits >> 52) & 0x7ff);
    if (exponent == 0) return 0; /* zero: subnormals never pass qz_grid */
    const uint64_t mantissa = (bits & 0xfffffffffffffULL) | 0x10000000000000ULL;
    const int shift = exponent - 1075 - lowest;
    const wide whole = shift >= 0 ? (wide)mantissa << shift : (wide)(mantissa >> -shift);
    return bits >> 63 ? -whole : whole;
}

/* The sum rounded once, half to even. */
static inline double qz_rounded(wide sum, int lowest) { return ldexp((double)sum, lowest); }

/* A sum of doubles whose values lie too far apart for that: see indicators_sums.c. */
#define QZ_LIMBS 70

typedef struct {
    int64_t limb[QZ_LIMBS];
} exact_sum;

void qz_sum_clear(exact_sum *sum);
void qz_sum_add(exact_sum *sum, double value, int sign);
double qz_sum_rounded(const exact_sum *sum);

/* The mean of values [from, from + count): the exact sum rounded once, then divided. */
static inline double qz_mean(const series *values, int64_t from, int64_t count) {
    if (values->exact) {
        wide sum = 0;
        for (int64_t i = from; i < from + count; i++) sum += values->exact[i];
        return (double)sum / (values->denominator * (double)count);
    }
    exact_sum sum;
    qz_sum_clear(&sum);
    for (int64_t i = from; i < from + count; i++) qz_sum_add(&sum, values->doubles[i], 1);
    return qz_sum_rounded(&sum) / (double)count;
}

#endif
