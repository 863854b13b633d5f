/* Prices in doubles -> whole units, with what decides whether they are exact: one pass over a column. */
#include "kernel.h"

/* Adding and taking off 1.5 x 2^52 rounds half to even; the sum's low bits are the whole number. */
#define ROUNDING 6755399441055744.0
#define MOST_ROUNDED ((int64_t)1 << 51) /* beyond it the trick does not hold */

/* Rows that stay in the cache while four columns are converted and compared. */
#define BLOCK 2048

/* units[row] = price x scale, rounded. Returns how many rows are not above 0 and below 2^51 when
 * rounded (NaN is one of them); *highest and *farthest become at least the greatest unit and the bits
 * of the greatest distance of any price x scale from its unit. */
static int64_t convert(const double *prices, int64_t rows, double scale, int64_t *units,
                       int64_t *highest, int64_t *farthest) {
    /* Integers reduce in parallel where doubles must not; doubles from 0 up sort as their bits do. A
     * value that the trick does not hold for gives bits outside 0 to 2^51: no unit then. */
    int64_t origin, wrong = 0, most = *highest, noise = *farthest;
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
        most = unit > most ? unit : most;
        noise = far > noise ? far : noise;
    }
    *highest = most;
    *farthest = noise;
    return wrong;
}

static int64_t odd_bars(const int64_t *open, const int64_t *high, const int64_t *low,
                        const int64_t *close, int64_t rows, int64_t *crossed) {
    int64_t odd = 0, wrong = 0;
    for (int64_t row = 0; row < rows; row++) {
        odd += (open[row] > high[row]) | (close[row] > high[row]) | (open[row] < low[row]) |
               (close[row] < low[row]);
        wrong += high[row] < low[row];
    }
    *crossed += wrong;
    return odd;
}

/* The four columns of bars in units, one column after the other. Returns how many prices are none, as
 * convert does; most[i] and noise[i] become the greatest unit and distance of column i, *odd and
 * *crossed what qz_odd_bars counts. */
QZ_EXPORT int64_t qz_exact_bars(const double *open, const double *high, const double *low,
                                const double *close, int64_t rows, double scale, int64_t *units,
                                double *most, double *noise, int64_t *odd, int64_t *crossed);

int64_t qz_exact_bars(const double *open, const double *high, const double *low,
                      const double *close, int64_t rows, double scale, int64_t *units,
                      double *most, double *noise, int64_t *odd, int64_t *crossed) {
    const double *columns[4] = {open, high, low, close};
    int64_t highest[4] = {0}, farthest[4] = {0}, wrong = 0;
    *odd = *crossed = 0;
    for (int64_t from = 0; from < rows; from += BLOCK) {
        const int64_t count = rows - from < BLOCK ? rows - from : BLOCK;
        int64_t *block = units + from;
        for (int i = 0; i < 4; i++)
            wrong += convert(columns[i] + from, count, scale, block + i * rows, highest + i,
                             farthest + i);
        *odd += odd_bars(block, block + rows, block + 2 * rows, block + 3 * rows, count, crossed);
    }
    for (int i = 0; i < 4; i++) most[i] = (double)highest[i];
    memcpy(noise, farthest, sizeof farthest);
    return wrong;
}

/* One column of prices in units; see qz_exact_bars. */
QZ_EXPORT int64_t qz_exact_units(const double *prices, int64_t rows, double scale, int64_t *units,
                                 double *most, double *noise);

int64_t qz_exact_units(const double *prices, int64_t rows, double scale, int64_t *units,
                       double *most, double *noise) {
    int64_t highest = 0, farthest = 0;
    const int64_t wrong = convert(prices, rows, scale, units, &highest, &farthest);
    *most = (double)highest;
    memcpy(noise, &farthest, sizeof *noise);
    return wrong;
}

/* whole[row] = number, rounded. Returns how many are not at least 0 and below 2^51. */
QZ_EXPORT int64_t qz_whole_numbers(const double *numbers, int64_t rows, int64_t *whole);

int64_t qz_whole_numbers(const double *numbers, int64_t rows, int64_t *whole) {
    int64_t origin, wrong = 0;
    double rounding = ROUNDING;
    memcpy(&origin, &rounding, sizeof origin);
    for (int64_t row = 0; row < rows; row++) {
        double sum = numbers[row] + rounding;
        int64_t bits;
        memcpy(&bits, &sum, sizeof bits);
        whole[row] = bits - origin;
        wrong += !(numbers[row] >= 0.0) | (whole[row] >= MOST_ROUNDED);
    }
    return wrong;
}

/* Bars whose open or close lies outside low to high are counted; *crossed becomes the number of bars
 * whose high is below their low. */
QZ_EXPORT int64_t qz_odd_bars(const int64_t *open, const int64_t *high, const int64_t *low,
                              const int64_t *close, int64_t rows, int64_t *crossed);

int64_t qz_odd_bars(const int64_t *open, const int64_t *high, const int64_t *low,
                    const int64_t *close, int64_t rows, int64_t *crossed) {
    *crossed = 0;
    return odd_bars(open, high, low, close, rows, crossed);
}

/* Of each column, prices[row] = units[row] / scale: the double nearest to the decimal price. A column's
 * prices follow those of the one before. */
QZ_EXPORT void qz_prices_of_units(const int64_t *const *units, int64_t columns, int64_t rows,
                                  double scale, double *prices);

void qz_prices_of_units(const int64_t *const *units, int64_t columns, int64_t rows, double scale,
                        double *prices) {
    for (int64_t column = 0; column < columns; column++) {
        const int64_t *restrict from = units[column];
        double *restrict to = prices + column * rows;
        for (int64_t row = 0; row < rows; row++) to[row] = (double)from[row] / scale;
    }
}
