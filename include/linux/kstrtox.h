/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Numbers from text. The kstrto functions take the whole string, with one newline at its end if it likes, and
 * return 0, -EINVAL for what is no number, or -ERANGE. Base 0 knows 0x and a leading 0. The simple_ functions take
 * what they can and never complain.
 */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* The digit's value, or something that is too large for every base: bases above 16 have no digits of their own. */
static inline unsigned int kmem_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a' + 10) : 99;
}

/* Finds out the base where it is 0, and steps over 0x. */
static inline const char *kmem_number_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';

	if (*base == 0) {
		if (hex && kmem_digit(s[2]) < 16)
			*base = 16;
		else
			*base = s[0] == '0' ? 8 : 10;
	}
	return *base == 16 && hex ? s + 2 : s;
}

/* Reads at most max digits; returns how many. The value wraps, and *over says so. */
static inline size_t kmem_digits(const char *s, unsigned int base, size_t max, unsigned long long *value, bool *over)
{
	unsigned long long v = 0;
	size_t n;

	*over = false;
	for (n = 0; n < max && kmem_digit(s[n]) < base; n++) {
		unsigned long long next;

		if (__builtin_mul_overflow(v, (unsigned long long)base, &next))
			*over = true;
		if (__builtin_add_overflow(next, (unsigned long long)kmem_digit(s[n]), &v))
			*over = true;
	}
	*value = v;
	return n;
}

static inline int kmem_kstrtoull(const char *s, unsigned int base, unsigned long long *result)
{
	unsigned long long value;
	size_t n;
	bool over;

	s = kmem_number_base(s, &base);
	n = kmem_digits(s, base, __INT_MAX__, &value, &over);
	if (over)
		return -ERANGE;
	if (!n)
		return -EINVAL;
	s += n;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*result = value;
	return 0;
}

static inline int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *result)
{
	return kmem_kstrtoull(*s == '+' ? s + 1 : s, base, result);
}

static inline int __must_check kstrtoll(const char *s, unsigned int base, long long *result)
{
	unsigned long long value;
	int error;

	if (*s == '-') {
		error = kmem_kstrtoull(s + 1, base, &value);
		if (error)
			return error;
		if ((long long)(0 - value) > 0)
			return -ERANGE;
		*result = (long long)(0 - value);
		return 0;
	}
	error = kstrtoull(s, base, &value);
	if (error)
		return error;
	if ((long long)value < 0)
		return -ERANGE;
	*result = (long long)value;
	return 0;
}

/* A number of a smaller type: what does not fit is -ERANGE. */
#define KMEM_KSTRTO(name, type, wide, wide_type) \
	static inline int __must_check name(const char *s, unsigned int base, type *result) \
	{ \
		wide_type value; \
		int error = wide(s, base, &value); \
		if (error) \
			return error; \
		if (value != (wide_type)(type)value) \
			return -ERANGE; \
		*result = (type)value; \
		return 0; \
	}
KMEM_KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long)
KMEM_KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long)
KMEM_KSTRTO(kstrtou16, u16, kstrtoull, unsigned long long)
KMEM_KSTRTO(kstrtou8, u8, kstrtoull, unsigned long long)
KMEM_KSTRTO(kstrtol, long, kstrtoll, long long)
KMEM_KSTRTO(kstrtoint, int, kstrtoll, long long)
KMEM_KSTRTO(kstrtos16, s16, kstrtoll, long long)
KMEM_KSTRTO(kstrtos8, s8, kstrtoll, long long)

#define kstrtou64(s, base, result)	kstrtoull(s, base, result)
#define kstrtos64(s, base, result)	kstrtoll(s, base, result)
#define kstrtou32(s, base, result)	kstrtouint(s, base, result)
#define kstrtos32(s, base, result)	kstrtoint(s, base, result)

/* By the first letter (y, t, 1; n, f, 0), or the first two (on; of). */
static inline int __must_check kstrtobool(const char *s, bool *result)
{
	if (!s)
		return -EINVAL;
	switch (s[0]) {
	case 'y': case 'Y': case 't': case 'T': case '1':
		*result = true;
		return 0;
	case 'n': case 'N': case 'f': case 'F': case '0':
		*result = false;
		return 0;
	case 'o': case 'O':
		if (s[1] == 'n' || s[1] == 'N' || s[1] == 'f' || s[1] == 'F') {
			*result = (s[1] | 0x20) == 'n';
			return 0;
		}
		break;
	}
	return -EINVAL;
}

static inline unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	unsigned long long value;
	bool over;

	s = kmem_number_base(s, &base);
	s += kmem_digits(s, base, __INT_MAX__, &value, &over);
	if (end)
		*end = (char *)s;
	return value;
}

static inline unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return (unsigned long)simple_strtoull(s, end, base);
}

static inline long long simple_strtoll(const char *s, char **end, unsigned int base)
{
	if (*s == '-')
		return (long long)(0 - simple_strtoull(s + 1, end, base));
	return (long long)simple_strtoull(s, end, base);
}

static inline long simple_strtol(const char *s, char **end, unsigned int base)
{
	return (long)simple_strtoll(s, end, base);
}

/* A size with a suffix K, M, G, T, P or E, in either case. */
static inline unsigned long long memparse(const char *s, char **end)
{
	char *rest;
	unsigned long long value = simple_strtoull(s, &rest, 0);
	unsigned int shift = 0;

	switch (*rest | 0x20) {
	case 'e': shift += 10; __attribute__((__fallthrough__));
	case 'p': shift += 10; __attribute__((__fallthrough__));
	case 't': shift += 10; __attribute__((__fallthrough__));
	case 'g': shift += 10; __attribute__((__fallthrough__));
	case 'm': shift += 10; __attribute__((__fallthrough__));
	case 'k': shift += 10;
		value <<= shift;
		rest++;
		break;
	default:
		break;
	}
	if (end)
		*end = rest;
	return value;
}

/* An int at *s, with a comma or a range behind it: 0 none, 1 alone, 2 a comma follows, 3 a dash follows. */
static inline int get_option(char **s, int *result)
{
	char *at = *s;
	int value;

	if (!at || !*at)
		return 0;
	if (*at == '-')
		value = (int)(0 - simple_strtoull(++at, s, 0));
	else
		value = (int)simple_strtoull(at, s, 0);
	if (result)
		*result = value;
	if (at == *s)
		return 0;
	if (**s == ',') {
		(*s)++;
		return 2;
	}
	return **s == '-' ? 3 : 1;
}

#endif
