/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Fields of a register or word, named by their masks. */
#ifndef _LINUX_BITFIELD_H
#define _LINUX_BITFIELD_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define __bf_shf(mask)		(__builtin_ffsll((long long)(mask)) - 1)
#define FIELD_MAX(mask)		((__typeof__(mask))((mask) >> __bf_shf(mask)))
#define FIELD_FIT(mask, value)	(!(((__typeof__(mask))(value) << __bf_shf(mask)) & ~(mask)))
#define FIELD_PREP(mask, value)	(((__typeof__(mask))(value) << __bf_shf(mask)) & (mask))
#define FIELD_PREP_CONST(mask, value)	FIELD_PREP(mask, value)
#define FIELD_GET(mask, reg)	((__typeof__(mask))(((reg) & (mask)) >> __bf_shf(mask)))
#define FIELD_MODIFY(mask, reg, value) \
	((void)(*(reg) = (__typeof__(*(reg)))((*(reg) & ~(mask)) | FIELD_PREP(mask, value))))

#endif
