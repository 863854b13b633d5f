/* Functions of the last `period` values: sums, extremes. */
#include "indicators.h"

grid qz_grid(const double *values, int64_t n, int64_t count) {
    int lowest = 2000, highest = -2000;
    for (int64_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        const int exponent = (int)((bits >> 52) & 0x7ff);
        const uint64_t fraction = bits & 0xfffffffffffffULL;
        if (exponent == 0x7ff || (exponent == 0 && fraction == 0)) continue;
        const int last = fraction ? __builtin_ctzll(fraction | 0x10000000000000ULL) : 52;
        const int low = exponent - 1075 + (exponent == 0 ? -2000 : last);
        if (low < lowest) lowest = low;
        if (exponent - 1022 > highest) highest = exponent - 1022;
    }
    int bits_of_count = 1;
    while (((int64_t)1 << bits_of_count) < count) bits_of_count++;
    grid found = {lowest == 2000 ? 0 : lowest, 1};
    if (lowest == 2000) return found;
    /* Far from the ends of the doubles, so that no rounding meets a subnormal or an overflow. */
    found.fits = highest - lowest + bits_of_count < 126 && lowest > -900 && highest < 900;
    return found;
}

/* prefix[0] = 0, prefix[i + 1] = prefix[i] + a[i], modulo 2^64; an undefined value adds nothing. */
QZ_EXPORT void qz_prefix_sum(const int64_t *a, int64_t n, uint64_t *restrict prefix) {
    uint64_t sum = 0;
    prefix[0] = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += a[i] != QZ_UNDEFINED ? (uint64_t)a[i] : 0;
        prefix[i + 1] = sum;
    }
}

/* Sums of the last `period` values from the prefix sums of a series whose values from `first` on
 * are all defined; undefined before first + period - 1. */
QZ_EXPORT void qz_window_sum_dense(const uint64_t *prefix, int64_t period, int64_t first, int64_t n,
                                   int64_t *restrict out) {
    int64_t start = first + period - 1;
    if (start > n) start = n;
    for (int64_t i = 0; i < start; i++) out[i] = QZ_UNDEFINED;
    const uint64_t *newest = prefix + 1, *oldest = prefix + 1 - period;
    for (int64_t i = start; i < n; i++) out[i] = (int64_t)(newest[i] - oldest[i]);
}

QZ_EXPORT void qz_window_sum(const int64_t *a, int64_t period, int64_t n, int64_t *restrict out) {
    int64_t seen = 0;
    uint64_t sum = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = QZ_UNDEFINED;
        if (a[i] == QZ_UNDEFINED) {
            seen = 0;
            sum = 0;
            continue;
        }
        sum += (uint64_t)a[i];
        if (++seen > period) sum -= (uint64_t)a[i - period];
        if (seen >= period) out[i] = (int64_t)sum;
    }
}

/* The same as below for values of any size; a sum beyond the doubles restarts the window. */
static void far_apart(const double *a, int64_t period, double divisor, int64_t n,
                      double *restrict out) {
    int64_t seen = 0;
    exact_sum sum;
    qz_sum_clear(&sum);
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (a[i] == a[i]) {
            qz_sum_add(&sum, a[i], 1);
            if (++seen > period) qz_sum_add(&sum, a[i - period], -1);
            if (seen < period) continue;
            const double rounded = qz_sum_rounded(&sum);
            if (qz_finite(rounded)) {
                out[i] = rounded / divisor;
                continue;
            }
        }
        seen = 0;
        qz_sum_clear(&sum);
    }
}

/* The sum of the last `period` doubles, rounded once, over divisor (1 or the period). */
QZ_EXPORT void qz_window_sum_double(const double *a, int64_t period, double divisor, int64_t n,
                                    double *restrict out) {
    const grid found = qz_grid(a, n, period + 1);
    if (!found.fits) {
        far_apart(a, period, divisor, n, out);
        return;
    }
    int64_t seen = 0;
    wide sum = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (a[i] != a[i]) {
            seen = 0;
            sum = 0;
            continue;
        }
        sum += qz_multiple(a[i], found.lowest);
        if (++seen > period) sum -= qz_multiple(a[i - period], found.lowest);
        if (seen >= period) out[i] = qz_rounded(sum, found.lowest) / divisor;
    }
}

/* The extreme of the last `period` values, among equals the newest. `waiting` is scratch for n
 * indices; `age` (optional) receives the bars since the extreme, the present bar being 0. */
#define EXTREME(IS_DEFINED, UNDEFINED)                                                        \
    int64_t head = 0, tail = 0, seen = 0;                                                     \
    for (int64_t i = 0; i < n; i++) {                                                         \
        if (out) out[i] = UNDEFINED;                                                          \
        if (age) age[i] = QZ_UNDEFINED;                                                       \
        if (!(IS_DEFINED)) {                                                                  \
            head = tail = seen = 0;                                                           \
            continue;                                                                         \
        }                                                                                     \
        while (tail > head && (sign > 0 ? a[waiting[tail - 1]] <= a[i]                        \
                                        : a[waiting[tail - 1]] >= a[i]))                      \
            tail--;                                                                           \
        waiting[tail++] = i;                                                                  \
        if (waiting[head] <= i - period) head++;                                              \
        if (++seen < period) continue;                                                        \
        if (out) out[i] = a[waiting[head]];                                                   \
        if (age) age[i] = i - waiting[head];                                                  \
    }

QZ_EXPORT void qz_extreme_exact(int64_t sign, const int64_t *a, int64_t period, int64_t n,
                                int64_t *restrict waiting, int64_t *restrict out,
                                int64_t *restrict age) {
    EXTREME(a[i] != QZ_UNDEFINED, QZ_UNDEFINED)
}

QZ_EXPORT void qz_extreme_double(int64_t sign, const double *a, int64_t period, int64_t n,
                                 int64_t *restrict waiting, double *restrict out,
                                 int64_t *restrict age) {
    EXTREME(a[i] == a[i], NAN)
}

/* Exact sums of i times the i-th oldest of the last `period` values, i from 1. */
QZ_EXPORT void qz_weighted_sum(const int64_t *a, int64_t period, int64_t n, int64_t *restrict out) {
    int64_t seen = 0;
    uint64_t sum = 0, weighted = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = QZ_UNDEFINED;
        if (a[i] == QZ_UNDEFINED) {
            seen = 0;
            sum = weighted = 0;
            continue;
        }
        const uint64_t value = (uint64_t)a[i];
        if (seen < period) {
            seen++;
            weighted += (uint64_t)seen * value;
            sum += value;
        } else {
            weighted += (uint64_t)period * value - sum;
            sum += value - (uint64_t)a[i - period];
        }
        if (seen >= period) out[i] = (int64_t)weighted;
    }
}

/* The value `period` bars ago, undefined unless every value since is defined. */
#define LAG(IS_DEFINED, UNDEFINED)                                                            \
    int64_t seen = 0;                                                                         \
    for (int64_t i = 0; i < n; i++) {                                                         \
        seen = (IS_DEFINED) ? seen + 1 : 0;                                                   \
        out[i] = seen > period ? a[i - period] : UNDEFINED;                                   \
    }

QZ_EXPORT void qz_lag_exact(const int64_t *a, int64_t period, int64_t n, int64_t *restrict out) {
    LAG(a[i] != QZ_UNDEFINED, QZ_UNDEFINED)
}

QZ_EXPORT void qz_lag_double(const double *a, int64_t period, int64_t n, double *restrict out) {
    LAG(a[i] == a[i], NAN)
}

/* How many of the last `period` truths are true. */
QZ_EXPORT void qz_count_true(const int8_t *a, int64_t period, int64_t n, int64_t *restrict out) {
    int64_t seen = 0, count = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = QZ_UNDEFINED;
        if (a[i] < 0) {
            seen = count = 0;
            continue;
        }
        count += a[i];
        if (++seen > period) count -= a[i - period];
        if (seen >= period) out[i] = count;
    }
}
