/* Averages that remember everything, computed in the order of operations of their Python forms. */
#include "indicators.h"

/* kind 0: exponential, (x - average) * weight + average; kind 1: Wilder's, (average * (period - 1)
 * + x) / period. The first value is the mean of the first `period` values. */
QZ_EXPORT int64_t qz_recursive_average(int64_t kind, const void *values, double denominator,
                                       int64_t period, int64_t n, double *restrict out) {
    const series input = qz_series(values, denominator);
    if (input.doubles && !qz_tame(input.doubles, n)) return QZ_DECLINED;
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
            average = qz_mean(&input, i - period + 1, period);
        } else {
            const double now = qz_at(&input, i);
            average = kind == 0 ? (now - average) * weight + average
                                : (average * rest + now) / length;
        }
        out[i] = average;
    }
    return QZ_DONE;
}

/* Wilder's relative strength index; changes of exact values are taken exactly. */
QZ_EXPORT int64_t qz_relative_strength(const void *values, double denominator, int64_t period,
                                       int64_t n, double *restrict out) {
    const series input = qz_series(values, denominator);
    if (input.doubles && !qz_tame(input.doubles, n)) return QZ_DECLINED;
    const double rest = (double)(period - 1), length = (double)period;
    int64_t seen = 0;
    double gain = 0, loss = 0;
    wide gains = 0, losses = 0; /* of exact changes */
    exact_sum up, down;         /* of changes of doubles */
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (!qz_defined(&input, i)) {
            seen = 0;
            continue;
        }
        if (seen++ == 0) {
            gains = losses = 0;
            qz_sum_clear(&up);
            qz_sum_clear(&down);
            continue;
        }
        const double change = input.exact
            ? (double)(input.exact[i] - input.exact[i - 1]) / denominator
            : input.doubles[i] - input.doubles[i - 1];
        if (seen <= period + 1) {
            if (input.exact) {
                const int64_t whole = input.exact[i] - input.exact[i - 1];
                if (whole > 0) gains += whole; else losses -= whole;
            } else if (change > 0) {
                qz_sum_add(&up, change, 1);
            } else {
                qz_sum_add(&down, change, -1);
            }
            if (seen <= period) continue;
            const double scale = input.exact ? denominator * length : length;
            gain = (input.exact ? (double)gains : qz_sum_rounded(&up)) / scale;
            loss = (input.exact ? (double)losses : qz_sum_rounded(&down)) / scale;
        } else {
            gain = (gain * rest + (change > 0.0 ? change : 0.0)) / length;
            loss = (loss * rest + (-change > 0.0 ? -change : 0.0)) / length;
        }
        const double moved = gain + loss;
        out[i] = moved != 0.0 ? 100.0 * (gain / moved) : 50.0;
    }
    return QZ_DONE;
}

/* b = b + weight * (x - b); start stands for b on the first bar. */
QZ_EXPORT void qz_blend(const double *x, const double *weight, const double *start, int64_t n,
                        double *restrict out) {
    int running = 0;
    double blended = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (x[i] != x[i] || weight[i] != weight[i] || start[i] != start[i]) {
            running = 0;
            continue;
        }
        const double before = running ? blended : start[i];
        blended = before + weight[i] * (x[i] - before);
        running = qz_finite(blended);
        if (running) out[i] = blended;
    }
}

QZ_EXPORT void qz_cumulative_exact(const int64_t *a, int64_t n, int64_t *restrict out) {
    int64_t total = 0;
    for (int64_t i = 0; i < n; i++) {
        total = a[i] != QZ_UNDEFINED ? total + a[i] : 0;
        out[i] = a[i] != QZ_UNDEFINED ? total : QZ_UNDEFINED;
    }
}

QZ_EXPORT void qz_cumulative_double(const double *a, int64_t n, double *restrict out) {
    double total = 0.0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        total = a[i] == a[i] ? total + a[i] : 0.0;
        if (!qz_finite(total)) total = 0.0;
        else if (a[i] == a[i]) out[i] = total;
    }
}

/* Bars since the truth was last true, undefined before it first is. */
QZ_EXPORT void qz_bars_since(const int8_t *a, int64_t n, int64_t *restrict out) {
    int64_t since = QZ_UNDEFINED;
    for (int64_t i = 0; i < n; i++) {
        if (a[i] == 1) since = 0;
        else if (a[i] < 0) since = QZ_UNDEFINED;
        else if (since != QZ_UNDEFINED) since++;
        out[i] = since;
    }
}

/* The value on the newest bar on which the truth was true. */
#define VALUE_WHEN(IS_DEFINED, UNDEFINED)                                                     \
    for (int64_t i = 0; i < n; i++) {                                                         \
        if (truth[i] < 0 || !(IS_DEFINED)) last = UNDEFINED;                                  \
        else if (truth[i] == 1) last = a[i];                                                  \
        out[i] = last;                                                                        \
    }

QZ_EXPORT void qz_value_when_exact(const int8_t *truth, const int64_t *a, int64_t n,
                                   int64_t *restrict out) {
    int64_t last = QZ_UNDEFINED;
    VALUE_WHEN(a[i] != QZ_UNDEFINED, QZ_UNDEFINED)
}

QZ_EXPORT void qz_value_when_double(const int8_t *truth, const double *a, int64_t n,
                                    double *restrict out) {
    double last = NAN;
    VALUE_WHEN(a[i] == a[i], NAN)
}

/* Volume-weighted mean of (high + low + close) / 3 since the first bar of the session. */
QZ_EXPORT void qz_session_vwap(const int64_t *opens_at, const int64_t *high, const int64_t *low,
                               const int64_t *close, const int64_t *volume, double denominator,
                               int64_t n, double *restrict out) {
    const int64_t day_us = 86400000000LL;
    int64_t session = QZ_UNDEFINED;
    wide paid = 0, traded = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (opens_at[i] == QZ_UNDEFINED || high[i] == QZ_UNDEFINED || low[i] == QZ_UNDEFINED ||
            close[i] == QZ_UNDEFINED || volume[i] == QZ_UNDEFINED) {
            session = QZ_UNDEFINED;
            continue;
        }
        const int64_t day = opens_at[i] / day_us - (opens_at[i] % day_us < 0);
        if (day != session) paid = traded = 0;
        session = day;
        paid += ((wide)high[i] + low[i] + close[i]) * volume[i];
        traded += volume[i];
        if (traded > 0) out[i] = (double)paid / (3.0 * denominator) / (double)traded;
    }
}
