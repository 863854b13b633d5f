/* Averages that remember everything, computed in the order of operations of their Python forms. */
#include "indicators.h"

/* kind 0: exponential, (x - average) * weight + average; kind 1: Wilder's, (average * (period - 1)
 * + x) / period. The first value is the mean of the first `period` values. */
QZ_EXPORT int64_t qz_recursive_average(int64_t kind, const void *values, double denominator,
                                       int64_t period, int64_t n, double *restrict out) {
    const series input = qz_series(values, denominator);
    grid found = {0, 1};
    if (input.doubles) found = qz_grid(input.doubles, n, period);
    if (!found.fits) return QZ_DECLINED;
    const double weight = 2.0 / (double)(period + 1), rest = (double)(period - 1);
    const double length = (double)period;
    int64_t seen = 0;
    double average = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (!qz_defined(&input, i)) {
            seen = 0;
            continue;
        }
        seen++;
        if (seen < period) continue;
        if (seen == period) {
            average = qz_mean(&input, i - period + 1, period, found.lowest);
        } else {
            const double now = qz_at(&input, i);
            average = kind == 0 ? (now - average) * weight + average
                                : (average * rest + now) / length;
        }
        out[i] = average;
    }
    return QZ_DONE;
}
