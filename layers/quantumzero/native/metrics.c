/* The two walks over a whole equity curve that the metrics need: deepest drawdown, session closes. */
#include "kernel.h"

enum { BLOCK = 128 };

/* Doubles from 0 up sort as their bits do, and integers reduce in parallel where doubles must not. */
typedef int64_t bits_of_double __attribute__((may_alias));

static double double_of(int64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The least equity / high-water mark (its first row in *valley, -1 when nothing is below 1; the mark
 * that stood then in *mark), the mark beginning at base > 0. A block is walked only when its lowest
 * value over the highest mark it could meet is below the least quotient so far: rounding is
 * monotone, so no quotient is missed. A block with a negative value is walked. */
QZ_EXPORT double qz_lowest_share_of_high(const double *equity, int64_t rows, double base,
                                         int64_t *valley, double *mark);

double qz_lowest_share_of_high(const double *equity, int64_t rows, double base, int64_t *valley,
                               double *mark) {
    double high = base, least = 1.0;
    *valley = -1;
    *mark = base;
    for (int64_t from = 0; from < rows; from += BLOCK) {
        int64_t to = from + BLOCK < rows ? from + BLOCK : rows;
        const bits_of_double *bits = (const bits_of_double *)(equity + from);
        int64_t highest = 0, lowest = INT64_MAX;
        for (int64_t row = 0; row < to - from; row++) {
            highest = bits[row] > highest ? bits[row] : highest;
            lowest = bits[row] < lowest ? bits[row] : lowest;
        }
        double top = double_of(highest) > high ? double_of(highest) : high;
        if (lowest >= 0 && double_of(lowest) / top >= least) {
            high = top;
            continue;
        }
        for (int64_t row = from; row < to; row++) {
            if (equity[row] > high) high = equity[row];
            double share = equity[row] / high;
            if (share < least) {
                least = share;
                *valley = row;
                *mark = high;
            }
        }
    }
    return least;
}

/* Write the rows whose byte is 1 to found (at least rows long); their count returns. */
QZ_EXPORT int64_t qz_marked_rows(const uint8_t *mark, int64_t rows, int64_t *found);

int64_t qz_marked_rows(const uint8_t *mark, int64_t rows, int64_t *found) {
    int64_t count = 0, row = 0;
    while (row < rows) {
        const uint8_t *next = memchr(mark + row, 1, (size_t)(rows - row));
        if (next == NULL) break;
        row = next - mark;
        found[count++] = row++;
    }
    return count;
}
