/* How far the last `period` values lie apart. Exact values are compared as integers; doubles are
 * passed over from the oldest to the newest, for many windows side by side: each window's sum is
 * still added in that order. An undefined value inside a window makes its result NaN by itself.
 */
#include "indicators.h"

/* sqrt(period * sum of squares - square of the sum) / divisor */
QZ_EXPORT void qz_deviation_exact(const int64_t *a, int64_t period, double divisor, int64_t n,
                                  double *restrict out) {
    int64_t seen = 0;
    wide sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (a[i] == QZ_UNDEFINED) {
            seen = 0;
            sum = squares = 0;
            continue;
        }
        sum += a[i];
        squares += (wide)a[i] * a[i];
        if (++seen > period) {
            const int64_t old = a[i - period];
            sum -= old;
            squares -= (wide)old * old;
        }
        if (seen >= period) out[i] = sqrt((double)(period * squares - sum * sum)) / divisor;
    }
}

/* sum of |period * x - sum of the window| / divisor */
QZ_EXPORT void qz_mean_distance_exact(const int64_t *a, int64_t period, double divisor, int64_t n,
                                      double *restrict out) {
    int64_t seen = 0, sum = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (a[i] == QZ_UNDEFINED) {
            seen = sum = 0;
            continue;
        }
        sum += a[i];
        if (++seen > period) sum -= a[i - period];
        if (seen < period) continue;
        int64_t away = 0;
        for (int64_t k = i - period + 1; k <= i; k++) {
            const int64_t distance = period * a[k] - sum;
            away += distance < 0 ? -distance : distance;
        }
        out[i] = (double)away / divisor;
    }
}

#define LANES 256

/* kind 0: population standard deviation, 1: mean absolute deviation, 2: linearly weighted mean,
 * whose weights are 1 for the oldest to `period`; divisor is the sum of the weights. */
QZ_EXPORT int64_t qz_window_of_doubles(int64_t kind, const double *a, int64_t period,
                                       double divisor, int64_t n, double *restrict out) {
    if (!qz_tame(a, n)) return QZ_DECLINED;
    double total[LANES], spread[LANES];
    const double count = (double)period;
    int64_t first = period - 1 < n ? period - 1 : n;
    for (int64_t i = 0; i < first; i++) out[i] = NAN;
    for (int64_t from = first; from < n; from += LANES) {
        const int64_t lanes = n - from < LANES ? n - from : LANES;
        const double *oldest = a + from - period + 1;
        for (int64_t j = 0; j < lanes; j++) total[j] = spread[j] = 0.0;
        for (int64_t k = 0; k < period; k++) {
            const double weight = kind == 2 ? (double)(k + 1) : 1.0;
            for (int64_t j = 0; j < lanes; j++) total[j] = total[j] + oldest[j + k] * weight;
        }
        if (kind == 2) {
            for (int64_t j = 0; j < lanes; j++) out[from + j] = total[j] / divisor;
            continue;
        }
        for (int64_t j = 0; j < lanes; j++) total[j] = total[j] / count;
        for (int64_t k = 0; k < period; k++)
            for (int64_t j = 0; j < lanes; j++) {
                const double away = oldest[j + k] - total[j];
                spread[j] = spread[j] + (kind == 0 ? away * away : fabs(away));
            }
        for (int64_t j = 0; j < lanes; j++) {
            const double mean = spread[j] / count;
            out[from + j] = kind == 0 ? sqrt(mean) : mean;
        }
    }
    return QZ_DONE;
}
