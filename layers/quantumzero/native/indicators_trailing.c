/* Stops that trail the price, in the order of operations of their Python forms. */
#include "indicators.h"

static inline double greater(double a, double b) { return b > a ? b : a; }
static inline double lesser(double a, double b) { return b < a ? b : a; }

/* Wilder's parabolic stop and reverse. While short it works in a mirror: prices with their sign
 * changed make a short a long. */
QZ_EXPORT int64_t qz_parabolic_sar(const double *high, const double *low, double step, double most,
                                   int64_t n, double *restrict out) {
    if (!qz_tame(high, n) || !qz_tame(low, n)) return QZ_DECLINED;
    int64_t seen = 0;
    int is_long = 1;
    double stop = 0, extreme = 0, acceleration = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (high[i] != high[i] || low[i] != low[i]) {
            seen = 0;
            continue;
        }
        if (seen++ == 0) continue;
        double last_high = high[i - 1], last_low = low[i - 1];
        if (seen == 2) {
            const double fall = last_low - low[i], rise = high[i] - last_high;
            is_long = !(fall > 0 && fall > rise);
            stop = is_long ? last_low : last_high;
            extreme = is_long ? high[i] : low[i];
            acceleration = step;
            last_high = high[i];
            last_low = low[i];
        }
        const double sign = is_long ? 1.0 : -1.0;
        const double near = is_long ? low[i] : -high[i], last_near = is_long ? last_low : -last_high;
        const double far = is_long ? high[i] : -low[i], last_far = is_long ? last_high : -last_low;
        const double own_stop = sign * stop;
        double own_extreme = sign * extreme, shown, following;
        if (near <= own_stop) {
            shown = greater(greater(own_extreme, last_far), far);
            is_long = !is_long;
            acceleration = step;
            own_extreme = near;
            following = shown + acceleration * (own_extreme - shown);
            following = greater(greater(following, last_far), far);
        } else {
            shown = own_stop;
            if (far > own_extreme) {
                own_extreme = far;
                acceleration = lesser(acceleration + step, most);
            }
            following = own_stop + acceleration * (own_extreme - own_stop);
            following = lesser(lesser(following, last_near), near);
        }
        stop = sign * following;
        extreme = sign * own_extreme;
        out[i] = sign * shown;
    }
    return QZ_DONE;
}

/* The nearer of two bands around middle that only tighten until the close passes one. */
QZ_EXPORT int64_t qz_supertrend_line(const double *middle, const double *distance,
                                     const double *close, int64_t n, double *restrict out) {
    if (!qz_tame(middle, n) || !qz_tame(distance, n)) return QZ_DECLINED;
    int running = 0, is_rising = 1;
    double upper = 0, lower = 0, last = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (middle[i] != middle[i] || distance[i] != distance[i] || close[i] != close[i]) {
            running = 0;
            continue;
        }
        const double new_upper = middle[i] + distance[i], new_lower = middle[i] - distance[i];
        if (!running) {
            is_rising = close[i] >= middle[i];
            upper = new_upper;
            lower = new_lower;
        } else {
            if (new_upper < upper || last > upper) upper = new_upper;
            if (new_lower > lower || last < lower) lower = new_lower;
        }
        running = 1;
        last = close[i];
        is_rising = close[i] > (is_rising ? lower : upper);
        out[i] = is_rising ? lower : upper;
    }
    return QZ_DONE;
}
