/* Prices in doubles -> whole units, with what decides whether they are exact: one pass over a column. */
#include "kernel.h"

/* Adding and taking off 1.5 x 2^52 rounds half to even; the sum's low bits are the whole number. */
#define ROUNDING 6755399441055744.0
#define MOST_ROUNDED ((int64_t)1 << 51) /* beyond it the trick does not hold */

/* units[row] = price x scale, rounded. Returns how many rows are not above 0 and below 2^51 when
 * rounded (NaN is one of them); *most becomes the greatest unit and *noise the greatest distance of
 * any price x scale from its unit. */
QZ_EXPORT int64_t qz_exact_units(const double *prices, int64_t rows, double scale, int64_t *units,
                                 double *most, double *noise);

int64_t qz_exact_units(const double *prices, int64_t rows, double scale, int64_t *units,
                       double *most, double *noise) {
    /* Integers reduce in parallel where doubles must not; doubles from 0 up sort as their bits do. A
     * value that the trick does not hold for gives bits outside 0 to 2^51: no unit then. */
    int64_t origin, wrong = 0, highest = 0, farthest = 0;
    double rounding = ROUNDING;
    memcpy(&origin, &rounding, sizeof origin);
    for (int64_t row = 0; row < rows; row++) {
        double scaled = prices[row] * scale, sum = scaled + rounding;
        double away = fabs(scaled - (sum - rounding));
        int64_t bits, far;
        memcpy(&bits, &sum, sizeof bits);
        memcpy(&far, &away, sizeof far);
        int64_t unit = bits - origin;
        units[row] = unit;
        wrong += (unit <= 0) | (unit >= MOST_ROUNDED);
        highest = unit > highest ? unit : highest;
        farthest = far > farthest ? far : farthest;
    }
    *most = (double)highest;
    memcpy(noise, &farthest, sizeof *noise);
    return wrong;
}

/* Bars whose open or close lies outside low to high are counted; *crossed becomes the number of bars
 * whose high is below their low. */
QZ_EXPORT int64_t qz_odd_bars(const int64_t *open, const int64_t *high, const int64_t *low,
                              const int64_t *close, int64_t rows, int64_t *crossed);

int64_t qz_odd_bars(const int64_t *open, const int64_t *high, const int64_t *low,
                    const int64_t *close, int64_t rows, int64_t *crossed) {
    int64_t odd = 0, wrong = 0;
    for (int64_t row = 0; row < rows; row++) {
        odd += (open[row] > high[row]) | (close[row] > high[row]) | (open[row] < low[row]) |
               (close[row] < low[row]);
        wrong += high[row] < low[row];
    }
    *crossed = wrong;
    return odd;
}

/* prices[row] = units[row] / scale: the double nearest to the decimal price. */
QZ_EXPORT void qz_prices_of_units(const int64_t *units, int64_t rows, double scale, double *prices);

void qz_prices_of_units(const int64_t *units, int64_t rows, double scale, double *prices) {
    for (int64_t row = 0; row < rows; row++)
        prices[row] = (double)units[row] / scale;
}
