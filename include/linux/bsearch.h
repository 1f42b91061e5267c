/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Binary search: the C library's function. */
#ifndef _LINUX_BSEARCH_H
#define _LINUX_BSEARCH_H

#include <linux/sort.h>

#ifdef __cplusplus
extern "C++" {
#include <cstdlib>
}
#else
void *(bsearch)(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);
#endif

#endif
