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
 * that stood then in *mark), the mark beginning at base > 0. Rounding is monotone, so a block whose
 * lowest value over the highest mark it could meet is not below the least quotient so far holds no
 * lower one; and a block without a new high has its least quotient where its value is lowest: the row
 * is looked for when all blocks are done. Only the rest, and blocks with negative values, are walked. */
QZ_EXPORT double qz_lowest_share_of_high(const double *equity, int64_t rows, double base,
                                         int64_t *valley, double *mark);

double qz_lowest_share_of_high(const double *equity, int64_t rows, double base, int64_t *valley,
                               double *mark) {
    double high = base, least = 1.0;
    int64_t block = -1;
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
        if (lowest >= 0) {
            double share = double_of(lowest) / top;
            if (share < least && top == high) {
                least = share;
                block = from;
                *mark = high;
            }
            if (share >= least) {
                high = top;
                continue;
            }
        }
        for (int64_t row = from; row < to; row++) {
            if (equity[row] > high) high = equity[row];
            double share = equity[row] / high;
            if (share < least) {
                least = share;
                *valley = row;
                *mark = high;
                block = -1;
            }
        }
    }
    if (block >= 0)
        for (*valley = block; equity[*valley] / *mark != least;) ++*valley;
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
