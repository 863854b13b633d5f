/* Operations that need only the present bar: arithmetic, comparison, logic. An undefined operand
 * makes the result undefined, except where `and` and `or` are decided by one side alone (Kleene).
 *
 * An exact operand is an integer times a factor, so that series over different denominators are
 * compared and added without a scaled copy; the caller guarantees that no product passes 2^62.
 * Where stride_b is 0, the second operand is one constant.
 */
#include "indicators.h"

#define LOOP(EXPRESSION)                                          \
    do {                                                          \
        if (stride_b) {                                           \
            for (int64_t i = 0; i < n; i++) {                     \
                const TYPE x = a[i], y = b[i];                    \
                out[i] = (EXPRESSION);                            \
            }                                                     \
        } else {                                                  \
            const TYPE y = b[0];                                  \
            for (int64_t i = 0; i < n; i++) {                     \
                const TYPE x = a[i];                              \
                out[i] = (EXPRESSION);                            \
            }                                                     \
        }                                                         \
    } while (0)

#define TYPE int64_t
#define BOTH (x != QZ_UNDEFINED && y != QZ_UNDEFINED)
#define FX ((int64_t)((uint64_t)x * (uint64_t)factor_a))
#define FY ((int64_t)((uint64_t)y * (uint64_t)factor_b))

/* operation: 0 +, 1 -, 2 minimum, 3 maximum */
QZ_EXPORT void qz_combine_exact(int64_t operation, const int64_t *a, int64_t factor_a,
                                const int64_t *b, int64_t factor_b, int64_t stride_b, int64_t n,
                                int64_t *restrict out) {
    switch (operation) {
    case 0: LOOP(BOTH ? FX + FY : QZ_UNDEFINED); break;
    case 1: LOOP(BOTH ? FX - FY : QZ_UNDEFINED); break;
    case 2: LOOP(BOTH ? (FY < FX ? FY : FX) : QZ_UNDEFINED); break;
    default: LOOP(BOTH ? (FY > FX ? FY : FX) : QZ_UNDEFINED); break;
    }
}

/* operation: 0 <, 1 <=, 2 >, 3 >=, 4 ==, 5 != */
QZ_EXPORT void qz_compare_exact(int64_t operation, const int64_t *a, int64_t factor_a,
                                const int64_t *b, int64_t factor_b, int64_t stride_b, int64_t n,
                                int8_t *restrict out) {
    switch (operation) {
    case 0: LOOP(BOTH ? FX < FY : -1); break;
    case 1: LOOP(BOTH ? FX <= FY : -1); break;
    case 2: LOOP(BOTH ? FX > FY : -1); break;
    case 3: LOOP(BOTH ? FX >= FY : -1); break;
    case 4: LOOP(BOTH ? FX == FY : -1); break;
    default: LOOP(BOTH ? FX != FY : -1); break;
    }
}

/* operation: 0 absolute value, 1 sign */
QZ_EXPORT void qz_single_exact(int64_t operation, const int64_t *a, int64_t n,
                               int64_t *restrict out) {
    for (int64_t i = 0; i < n; i++) {
        const int64_t x = a[i];
        const int64_t value = operation == 0 ? (x < 0 ? -(uint64_t)x : (uint64_t)x)
                                             : (uint64_t)((x > 0) - (x < 0));
        out[i] = x != QZ_UNDEFINED ? value : QZ_UNDEFINED;
    }
}

/* factor_a times a, over denominator, as doubles. */
QZ_EXPORT void qz_to_double(const int64_t *a, int64_t factor_a, double denominator, int64_t n,
                            double *restrict out) {
    for (int64_t i = 0; i < n; i++) {
        const int64_t x = a[i];
        out[i] = x != QZ_UNDEFINED ? qz_quotient(FX, denominator) : NAN;
    }
}

#undef TYPE
#undef BOTH
#undef FX
#undef FY
#define TYPE double
#define BOTH (x == x && y == y)

/* operation: 0 +, 1 -, 2 *, 3 /, 4 minimum, 5 maximum. Returns how many results are undefined. */
QZ_EXPORT int64_t qz_combine_double(int64_t operation, const double *a, const double *b,
                                    int64_t stride_b, int64_t n, double *restrict out) {
    switch (operation) {
    case 0: LOOP(qz_or_nan(x + y)); break;
    case 1: LOOP(qz_or_nan(x - y)); break;
    case 2: LOOP(qz_or_nan(x * y)); break;
    case 3: LOOP(qz_or_nan(y == 0.0 ? NAN : x / y)); break;
    case 4: LOOP(BOTH ? (y < x ? y : x) : NAN); break;
    default: LOOP(BOTH ? (y > x ? y : x) : NAN); break;
    }
    int64_t undefined = 0;
    for (int64_t i = 0; i < n; i++) undefined += out[i] != out[i];
    return undefined;
}

/* operation: as qz_compare_exact */
QZ_EXPORT void qz_compare_double(int64_t operation, const double *a, const double *b,
                                 int64_t stride_b, int64_t n, int8_t *restrict out) {
    switch (operation) {
    case 0: LOOP(BOTH ? x < y : -1); break;
    case 1: LOOP(BOTH ? x <= y : -1); break;
    case 2: LOOP(BOTH ? x > y : -1); break;
    case 3: LOOP(BOTH ? x >= y : -1); break;
    case 4: LOOP(BOTH ? x == y : -1); break;
    default: LOOP(BOTH ? x != y : -1); break;
    }
}

/* operation: 0 absolute value, 1 sign, 2 negation, 3 square root (of at least 0). Returns how many
 * results are undefined. */
QZ_EXPORT int64_t qz_single_double(int64_t operation, const double *a, int64_t n,
                                   double *restrict out) {
    int64_t undefined = 0;
    for (int64_t i = 0; i < n; i++) {
        const double x = a[i];
        double value;
        switch (operation) {
        case 0: value = fabs(x); break;
        case 1: value = x == x ? (double)((x > 0) - (x < 0)) : NAN; break;
        case 2: value = -x; break;
        default: value = x >= 0 ? sqrt(x) : NAN; break;
        }
        out[i] = value;
        undefined += value != value;
    }
    return undefined;
}

/* Natural logarithms of what is more than 0, by the given function: that of Python's own libm. A
 * compiler may link another one (zig's own differs in the last bit). How many are undefined. */
QZ_EXPORT int64_t qz_logarithm(const double *a, double (*logarithm)(double), int64_t n,
                               double *restrict out) {
    int64_t undefined = 0;
    for (int64_t i = 0; i < n; i++) {
        out[i] = a[i] > 0 ? logarithm(a[i]) : NAN;
        undefined += out[i] != out[i];
    }
    return undefined;
}

#undef TYPE
#undef BOTH
#define TYPE int8_t

/* operation: 0 and, 1 or, 2 not (of a alone). */
QZ_EXPORT void qz_logic(int64_t operation, const int8_t *a, const int8_t *b, int64_t n,
                        int8_t *restrict out) {
    const int64_t stride_b = 1;
    switch (operation) {
    case 0: LOOP(x == 0 || y == 0 ? 0 : (x < 0 || y < 0 ? -1 : 1)); break;
    case 1: LOOP(x == 1 || y == 1 ? 1 : (x < 0 || y < 0 ? -1 : 0)); break;
    default:
        for (int64_t i = 0; i < n; i++) out[i] = a[i] < 0 ? -1 : (int8_t)(a[i] ^ 1);
    }
}

/* a where the truth is 1, b where it is 0; of the two only the chosen one must be defined. */
QZ_EXPORT void qz_where_exact(const int8_t *truth, const int64_t *a, int64_t factor_a,
                              int64_t stride_a, const int64_t *b, int64_t factor_b,
                              int64_t stride_b, int64_t n, int64_t *restrict out) {
    for (int64_t i = 0; i < n; i++) {
        const int64_t x = a[i * stride_a], y = b[i * stride_b];
        const int64_t value = truth[i] == 1 ? x : y;
        const uint64_t factor = (uint64_t)(truth[i] == 1 ? factor_a : factor_b);
        out[i] = truth[i] < 0 || value == QZ_UNDEFINED ? QZ_UNDEFINED
                                                       : (int64_t)((uint64_t)value * factor);
    }
}

QZ_EXPORT void qz_where_double(const int8_t *truth, const double *a, int64_t stride_a,
                               const double *b, int64_t stride_b, int64_t n,
                               double *restrict out) {
    for (int64_t i = 0; i < n; i++) {
        const double x = a[i * stride_a], y = b[i * stride_b];
        out[i] = truth[i] < 0 ? NAN : truth[i] == 1 ? x : y;
    }
}

/* The sign of a double as an exact value. */
QZ_EXPORT void qz_sign_of_double(const double *a, int64_t n, int64_t *restrict out) {
    for (int64_t i = 0; i < n; i++)
        out[i] = a[i] == a[i] ? (int64_t)((a[i] > 0) - (a[i] < 0)) : QZ_UNDEFINED;
}

/* Bars before the first defined value in gaps[0], undefined ones after it in gaps[1]. */
#define GAPS(IS_DEFINED)                                                                      \
    int64_t first = 0, undefined = 0;                                                         \
    for (int64_t i = 0; i < n; i++) undefined += !(IS_DEFINED);                               \
    for (int64_t i = 0; i < n && !(IS_DEFINED); i++) first++;                                 \
    gaps[0] = first;                                                                          \
    gaps[1] = undefined - first;

QZ_EXPORT void qz_gaps_exact(const int64_t *a, int64_t n, int64_t *gaps) {
    GAPS(a[i] != QZ_UNDEFINED)
}

QZ_EXPORT void qz_gaps_double(const double *a, int64_t n, int64_t *gaps) { GAPS(a[i] == a[i]) }
