/* Crossings and the signals made of them. A crossing needs both values on this bar and on the one
 * before: first[t] > second[t] and first[t-1] <= second[t-1] (above), its mirror (below). Exact
 * operands are compared as integers brought to one denominator by their factors: a tie is a tie.
 */
#include "indicators.h"

#define DEFINED_EXACT(X, Y) ((X) != QZ_UNDEFINED && (Y) != QZ_UNDEFINED)
#define DEFINED_DOUBLE(X, Y) ((X) == (X) && (Y) == (Y))
#define FIRST_EXACT(X) ((int64_t)((uint64_t)(X) * (uint64_t)factor_a))
#define SECOND_EXACT(Y) ((int64_t)((uint64_t)(Y) * (uint64_t)factor_b))
#define AS_IS(X) (X)

/* sign 1: above, -1: below. Writes truths. */
#define CROSSING(DEFINED, FIRST, SECOND)                                                      \
    if (n > 0) out[0] = -1;                                                                   \
    for (int64_t i = 1; i < n; i++) {                                                         \
        const int64_t j = stride_b ? i : 0, k = stride_b ? i - 1 : 0;                         \
        const int known = DEFINED(a[i], b[j]) & DEFINED(a[i - 1], b[k]);                      \
        const int now = sign > 0 ? FIRST(a[i]) > SECOND(b[j]) : FIRST(a[i]) < SECOND(b[j]);   \
        const int before = sign > 0 ? FIRST(a[i - 1]) > SECOND(b[k])                          \
                                    : FIRST(a[i - 1]) < SECOND(b[k]);                         \
        out[i] = known ? (now & !before) : -1;                                                \
    }

QZ_EXPORT void qz_crossing_exact(int64_t sign, const int64_t *a, int64_t factor_a,
                                 const int64_t *b, int64_t factor_b, int64_t stride_b, int64_t n,
                                 int8_t *restrict out) {
    CROSSING(DEFINED_EXACT, FIRST_EXACT, SECOND_EXACT)
}

QZ_EXPORT void qz_crossing_double(int64_t sign, const double *a, const double *b,
                                  int64_t stride_b, int64_t n, int8_t *restrict out) {
    CROSSING(DEFINED_DOUBLE, AS_IS, AS_IS)
}

/* Bits of both crossings of one pair of dense series (every value from `first` on is defined):
 * `above` where a passes over b, `below` where it passes under, 0 before bar first + 1. */
#define BLOCK 512
#define SIGNALS(TYPE, FIRST, SECOND)                                                          \
    int8_t side[BLOCK + 1];                                                                   \
    memset(out, 0, (size_t)n);                                                                \
    for (int64_t from = first; from + 1 < n; from += BLOCK) {                                 \
        const int64_t count = n - from - 1 < BLOCK ? n - from - 1 : BLOCK;                    \
        const TYPE *x = a + from, *y = b + (stride_b ? from : 0);                             \
        if (stride_b) {                                                                       \
            for (int64_t i = 0; i <= count; i++)                                              \
                side[i] = (int8_t)((FIRST(x[i]) > SECOND(y[i])) |                             \
                                   ((FIRST(x[i]) < SECOND(y[i])) << 1));                      \
        } else {                                                                              \
            const TYPE level = SECOND(y[0]);                                                  \
            for (int64_t i = 0; i <= count; i++)                                              \
                side[i] = (int8_t)((FIRST(x[i]) > level) | ((FIRST(x[i]) < level) << 1));     \
        }                                                                                     \
        uint8_t *restrict to = out + from + 1;                                                \
        for (int64_t i = 0; i < count; i++) {                                                 \
            const int crossed = side[i + 1] & ~side[i];                                       \
            to[i] = (uint8_t)(((crossed & 1) ? above : 0) | ((crossed & 2) ? below : 0));     \
        }                                                                                     \
    }

QZ_EXPORT void qz_crossing_signals_exact(const int64_t *a, int64_t factor_a, const int64_t *b,
                                         int64_t factor_b, int64_t stride_b, int64_t first,
                                         int64_t n, uint8_t above, uint8_t below,
                                         uint8_t *restrict out) {
    SIGNALS(int64_t, FIRST_EXACT, SECOND_EXACT)
}

QZ_EXPORT void qz_crossing_signals_double(const double *a, const double *b, int64_t stride_b,
                                          int64_t first, int64_t n, uint8_t above, uint8_t below,
                                          uint8_t *restrict out) {
    SIGNALS(double, AS_IS, AS_IS)
}

/* Adds `bit` to out wherever the truth is 1, from bar `first` on. */
QZ_EXPORT void qz_add_signal(const int8_t *truth, uint8_t bit, int64_t first, int64_t n,
                             uint8_t *restrict out) {
    for (int64_t i = first; i < n; i++) out[i] |= (uint8_t)(truth[i] == 1 ? bit : 0);
}
