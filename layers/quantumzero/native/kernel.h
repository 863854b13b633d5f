/* What every part of the kernel shares: the export mark and the marks of undefined values. */
#ifndef QUANTUMZERO_KERNEL_H
#define QUANTUMZERO_KERNEL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define QZ_EXPORT __attribute__((visibility("default")))

/* Grows when the meaning of any exported function changes: an old library is then not loaded. */
#define QZ_ABI_VERSION 3

/* Undefined: an exact value is the least int64, a double is NaN, a truth is -1. */
#define QZ_UNDEFINED INT64_MIN

static inline int qz_finite(double value) { return value - value == 0.0; }

QZ_EXPORT int64_t qz_abi_version(void);

#endif
