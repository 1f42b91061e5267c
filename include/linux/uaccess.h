/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Copies between kernel and user space: here between parts of one program. They never fail, but the functions that
 * return the number of bytes not copied keep their result.
 */
#ifndef __LINUX_UACCESS_H__
#define __LINUX_UACCESS_H__

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

static inline unsigned long __must_check copy_from_user(void *to, const void __user *from, unsigned long n)
{
	memcpy(to, (const void __force *)from, n);
	return 0;
}

static inline unsigned long __must_check copy_to_user(void __user *to, const void *from, unsigned long n)
{
	memcpy((void __force *)to, from, n);
	return 0;
}

static inline unsigned long __must_check clear_user(void __user *to, unsigned long n)
{
	memset((void __force *)to, 0, n);
	return 0;
}

#define __copy_from_user(to, from, n)		copy_from_user(to, from, n)
#define __copy_to_user(to, from, n)		copy_to_user(to, from, n)
#define copy_from_user_nofault(to, from, n)	((int)copy_from_user(to, from, n))
#define copy_to_user_nofault(to, from, n)	((int)copy_to_user(to, from, n))
#define copy_from_kernel_nofault(to, from, n)	((int)copy_from_user(to, from, n))
#define get_user(x, ptr)			(__extension__ ({ (x) = *(ptr); 0; }))
#define put_user(x, ptr)			(__extension__ ({ *(ptr) = (x); 0; }))
#define __get_user(x, ptr)			get_user(x, ptr)
#define __put_user(x, ptr)			put_user(x, ptr)
#define access_ok(addr, size)			((void)(addr), (void)(size), 1)
#define user_access_begin(ptr, len)		access_ok(ptr, len)
#define user_access_end()			((void)0)
#define unsafe_get_user(x, ptr, label)		do { if (0) goto label; (x) = *(ptr); } while (0)
#define unsafe_put_user(x, ptr, label)		do { if (0) goto label; *(ptr) = (x); } while (0)
#define u64_to_user_ptr(x)			((void __user *)(unsigned long)(x))

/* Length without the NUL, which is not there when that equals n. */
static inline long __must_check strncpy_from_user(char *dst, const char __user *src, long n)
{
	long i;

	for (i = 0; i < n; i++) {
		dst[i] = ((const char __force *)src)[i];
		if (!dst[i])
			break;
	}
	return i;
}

/* Length with the NUL; more than n if it is not within n bytes. */
static inline long __must_check strnlen_user(const char __user *s, long n)
{
	return (long)strnlen((const char __force *)s, (size_t)n) + 1;
}

/*
 * A struct that may grow: usize is what the caller's is, ksize ours. What he has more must be zero (or -E2BIG), what
 * he has less becomes zero.
 */
static inline int __must_check copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	const char *from = (const char __force *)src;

	if (usize > ksize && memchr_inv(from + ksize, 0, usize - ksize))
		return -E2BIG;
	memcpy(dst, from, usize < ksize ? usize : ksize);
	if (usize < ksize)
		memset((char *)dst + usize, 0, ksize - usize);
	return 0;
}

#endif
