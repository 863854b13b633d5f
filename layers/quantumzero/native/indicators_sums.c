/* Sums of doubles without any rounding but the last: whole numbers of 2^-1074, of which every finite
 * double is a multiple, held in limbs of 32 bits.
 */
#include "indicators.h"

#define LOWEST 1074

void qz_sum_clear(exact_sum *sum) { memset(sum, 0, sizeof *sum); }

/* Adds sign (1 or -1) times a finite value. Up to 2^30 additions fit before a limb could overflow. */
void qz_sum_add(exact_sum *sum, double value, int sign) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const int exponent = (int)((bits >> 52) & 0x7ff);
    uint64_t mantissa = bits & 0xfffffffffffffULL;
    if (exponent) mantissa |= 0x10000000000000ULL;
    const int place = exponent ? exponent - 1 : 0;
    const unsigned __int128 whole = (unsigned __int128)mantissa << (place & 31);
    int64_t *limb = sum->limb + (place >> 5);
    const int64_t direction = (bits >> 63) ? -sign : sign;
    limb[0] += direction * (int64_t)(uint32_t)whole;
    limb[1] += direction * (int64_t)(uint32_t)(whole >> 32);
    limb[2] += direction * (int64_t)(uint32_t)(whole >> 64);
}

/* Writes digits of 32 bits of sign times the sum; returns what is left above them. */
static int64_t carried(const exact_sum *sum, int64_t sign, uint32_t *digits) {
    int64_t carry = 0;
    for (int k = 0; k < QZ_LIMBS; k++) {
        const int64_t value = sign * sum->limb[k] + carry;
        digits[k] = (uint32_t)value;
        carry = (value - (int64_t)(uint32_t)value) / 4294967296LL;
    }
    return carry;
}

/* The sum rounded once, half to even; infinite beyond the doubles. */
double qz_sum_rounded(const exact_sum *sum) {
    uint32_t digits[QZ_LIMBS];
    const int negative = carried(sum, 1, digits) < 0;
    if (negative) carried(sum, -1, digits);
    int top = QZ_LIMBS - 1;
    while (top >= 0 && !digits[top]) top--;
    if (top < 0) return 0.0;
    const int base = top < 2 ? 0 : top - 2;
    unsigned __int128 head = 0;
    for (int k = top; k >= base; k--) head = (head << 32) | digits[k];
    for (int k = 0; k < base; k++)
        if (digits[k]) head |= 1; /* what lies below decides a half */
    const double size = ldexp((double)head, 32 * base - LOWEST);
    return negative ? -size : size;
}
