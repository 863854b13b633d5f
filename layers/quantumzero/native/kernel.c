/* The kernel's version, asked before anything else of it is called. */
#include "kernel.h"

int64_t qz_abi_version(void) { return QZ_ABI_VERSION; }
