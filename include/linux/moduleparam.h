/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Module parameters: variables that the program's caller sets, by name.
 *
 *	./program capacity=32			as insmod takes them
 *	KMEM_CMDLINE=lru.capacity=32 ./program	as the kernel's command line does, with the name of the module
 *
 * The command line counts more than the environment. A dash in a name is as good as an underscore. A value that a
 * parameter does not take ends the program with the error before any init function; a name that nobody knows is
 * reported and ignored. A program with a main() of its own passes its words to kmem_modules_param().
 */
#ifndef KMEM_LINUX_MODULEPARAM_H
#define KMEM_LINUX_MODULEPARAM_H

#include <kmem/once.h>
#include <linux/array_size.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kstrtox.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/types.h>

struct kernel_param;

/* May be set without a value: `quiet` for `quiet=1`. */
#define KERNEL_PARAM_OPS_FL_NOARG	1

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *value, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;	/* where to say how many were given, or NULL */
	const struct kernel_param_ops *ops;
	void *elem;
};

struct kernel_param {
	const char *name;
	const char *module;
	const struct kernel_param_ops *ops;
	unsigned short perm;
	void *arg;
};

/* The linker names the bounds of the section. Weak: a program may have no parameter at all. */
extern struct kernel_param __start_kmem_params[] __attribute__((__weak__, __visibility__("hidden")));
extern struct kernel_param __stop_kmem_params[] __attribute__((__weak__, __visibility__("hidden")));

#define KMEM_PARAM_NUMBER(name, type, parse, format) \
	static inline int param_set_##name(const char *value, const struct kernel_param *kp) \
	{ \
		return parse(value, 0, (type *)kp->arg); \
	} \
	static inline int param_get_##name(char *buffer, const struct kernel_param *kp) \
	{ \
		return kmem_scnprintf(buffer, 4096, format "\n", *(type *)kp->arg); \
	} \
	static const struct kernel_param_ops param_ops_##name __attribute__((__unused__)) = \
		{ 0, param_set_##name, param_get_##name, NULL }
KMEM_PARAM_NUMBER(byte, unsigned char, kstrtou8, "%hhu");
KMEM_PARAM_NUMBER(short, short, kstrtos16, "%hi");
KMEM_PARAM_NUMBER(ushort, unsigned short, kstrtou16, "%hu");
KMEM_PARAM_NUMBER(int, int, kstrtoint, "%i");
KMEM_PARAM_NUMBER(uint, unsigned int, kstrtouint, "%u");
KMEM_PARAM_NUMBER(long, long, kstrtol, "%li");
KMEM_PARAM_NUMBER(ulong, unsigned long, kstrtoul, "%lu");
KMEM_PARAM_NUMBER(ullong, unsigned long long, kstrtoull, "%llu");
KMEM_PARAM_NUMBER(hexint, unsigned int, kstrtouint, "%#08x");

static inline int param_set_bool(const char *value, const struct kernel_param *kp)
{
	return kstrtobool(value ? value : "1", (bool *)kp->arg);
}

static inline int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return kmem_scnprintf(buffer, 4096, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}

/* The variable says the opposite of the parameter. */
static inline int param_set_invbool(const char *value, const struct kernel_param *kp)
{
	bool truth = false;
	int error = kstrtobool(value ? value : "1", &truth);

	if (!error)
		*(bool *)kp->arg = !truth;
	return error;
}

static inline int param_get_invbool(char *buffer, const struct kernel_param *kp)
{
	return kmem_scnprintf(buffer, 4096, "%c\n", *(bool *)kp->arg ? 'N' : 'Y');
}

/* A truth value in an int. */
static inline int param_set_bint(const char *value, const struct kernel_param *kp)
{
	bool truth = false;
	int error = kstrtobool(value ? value : "1", &truth);

	if (!error)
		*(int *)kp->arg = truth;
	return error;
}

/* The text stays where it is, in the command line or the copy of the environment: both last. */
static inline int param_set_charp(const char *value, const struct kernel_param *kp)
{
	*(char **)kp->arg = (char *)value;
	return 0;
}

static inline int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return kmem_scnprintf(buffer, 4096, "%s\n", *(char **)kp->arg);
}

static inline int param_set_copystring(const char *value, const struct kernel_param *kp)
{
	const struct kparam_string *string = (const struct kparam_string *)kp->arg;

	if (strnlen(value, string->maxlen) == string->maxlen)
		return -ENOSPC;
	memcpy(string->string, value, strlen(value) + 1);
	return 0;
}

static inline int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return kmem_scnprintf(buffer, 4096, "%s\n", ((const struct kparam_string *)kp->arg)->string);
}

/* Elements are separated by commas, which become their ends: values are the program's own to change. */
static inline int param_array_set(const char *value, const struct kernel_param *kp)
{
	const struct kparam_array *array = (const struct kparam_array *)kp->arg;
	struct kernel_param element = *kp;
	unsigned int n = 0;
	char *at = (char *)value;

	for (;;) {
		char *comma = strchr(at, ',');
		int error;

		if (n == array->max)
			return -EINVAL;
		if (comma)
			*comma = '\0';
		element.arg = (char *)array->elem + (size_t)n * array->elemsize;
		error = array->ops->set(at, &element);
		if (error)
			return error;
		n++;
		if (!comma)
			break;
		at = comma + 1;
	}
	if (array->num)
		*array->num = n;
	return 0;
}

static const struct kernel_param_ops param_ops_bool __attribute__((__unused__)) =
	{ KERNEL_PARAM_OPS_FL_NOARG, param_set_bool, param_get_bool, NULL };
static const struct kernel_param_ops param_ops_invbool __attribute__((__unused__)) =
	{ KERNEL_PARAM_OPS_FL_NOARG, param_set_invbool, param_get_invbool, NULL };
static const struct kernel_param_ops param_ops_bint __attribute__((__unused__)) =
	{ KERNEL_PARAM_OPS_FL_NOARG, param_set_bint, param_get_int, NULL };
static const struct kernel_param_ops param_ops_charp __attribute__((__unused__)) =
	{ 0, param_set_charp, param_get_charp, NULL };
static const struct kernel_param_ops param_ops_string __attribute__((__unused__)) =
	{ 0, param_set_copystring, param_get_string, NULL };
static const struct kernel_param_ops param_array_ops __attribute__((__unused__)) =
	{ 0, param_array_set, NULL, NULL };

/* Compile errors for variables of another type than the parameter's. */
#define param_check_byte(name, p)	KMEM_PARAM_CHECK(name, unsigned char, p)
#define param_check_short(name, p)	KMEM_PARAM_CHECK(name, short, p)
#define param_check_ushort(name, p)	KMEM_PARAM_CHECK(name, unsigned short, p)
#define param_check_int(name, p)	KMEM_PARAM_CHECK(name, int, p)
#define param_check_uint(name, p)	KMEM_PARAM_CHECK(name, unsigned int, p)
#define param_check_long(name, p)	KMEM_PARAM_CHECK(name, long, p)
#define param_check_ulong(name, p)	KMEM_PARAM_CHECK(name, unsigned long, p)
#define param_check_ullong(name, p)	KMEM_PARAM_CHECK(name, unsigned long long, p)
#define param_check_hexint(name, p)	KMEM_PARAM_CHECK(name, unsigned int, p)
#define param_check_bool(name, p)	KMEM_PARAM_CHECK(name, bool, p)
#define param_check_invbool(name, p)	KMEM_PARAM_CHECK(name, bool, p)
#define param_check_bint(name, p)	KMEM_PARAM_CHECK(name, int, p)
#define param_check_charp(name, p)	KMEM_PARAM_CHECK(name, char *, p)
/* C's bool is a macro, which is expanded on its way here. */
#define param_check__Bool(name, p)	param_check_bool(name, p)
#define param_ops__Bool			param_ops_bool
#define KMEM_PARAM_CHECK(name, type, p) \
	static inline type __attribute__((__unused__)) *KMEM_CONCAT(kmem_check_, name)(void) { return (p); }

/* Said in so many words, the alignment is this and not a larger one: the section is an array. */
#define KMEM_PARAM(name, ops, arg, perm) \
	static struct kernel_param KMEM_CONCAT(kmem_param_, name) \
		__attribute__((__section__("kmem_params"), __used__, __aligned__(__alignof__(struct kernel_param)))) \
		KMEM_PARAM_RETAIN = \
		{ #name, KBUILD_MODNAME, ops, perm, (void *)(arg) }
#if __has_attribute(__retain__)
#define KMEM_PARAM_RETAIN	__attribute__((__retain__))
#else
#define KMEM_PARAM_RETAIN
#endif
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME		"module"
#endif

#define module_param_cb(name, ops, arg, perm)	KMEM_PARAM(name, ops, arg, perm)
#define module_param_named(name, variable, type, perm) \
	param_check_##type(name, &(variable)) \
	KMEM_PARAM(name, &param_ops_##type, &(variable), perm)
#define module_param(name, type, perm)		module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm)	module_param(name, type, perm)
#define module_param_named_unsafe(name, variable, type, perm)	module_param_named(name, variable, type, perm)
#define core_param(name, variable, type, perm)	module_param_named(name, variable, type, perm)
#define module_param_string(name, text, len, perm) \
	static const struct kparam_string KMEM_CONCAT(kmem_string_, name) = { len, text }; \
	KMEM_PARAM(name, &param_ops_string, &KMEM_CONCAT(kmem_string_, name), perm)
#define module_param_array_named(name, array, type, count, perm) \
	param_check_##type(name, &(array)[0]) \
	static const struct kparam_array KMEM_CONCAT(kmem_array_, name) = \
		{ ARRAY_SIZE(array), sizeof((array)[0]), (unsigned int *)(count), &param_ops_##type, array }; \
	KMEM_PARAM(name, &param_array_ops, &KMEM_CONCAT(kmem_array_, name), perm)
#define module_param_array(name, type, count, perm)	module_param_array_named(name, name, type, count, perm)
#define MODULE_PARM_DESC(name, description)	KMEM_NOTHING

/* Whether two names are the same, of which the first ends after n characters. */
static inline bool kmem_param_same(const char *a, size_t n, const char *b)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]) || !b[i])
			return false;
	return !b[n];
}

/* Takes the quotes off that keep spaces in one of the environment's words together. */
static inline char *kmem_param_unquoted(char *text)
{
	size_t n;

	if (*text != '"')
		return text;
	n = strlen(++text);
	if (n && text[n - 1] == '"')
		text[n - 1] = '\0';
	return text;
}

/*
 * Takes one word, `name`, `name=value` or `module.name=value`; it must last, and may be written to. Returns 0, the
 * error of the parameter, or -ENOENT if there is none of this name.
 */
static inline int kmem_modules_param(char *word)
{
	const struct kernel_param *kp;
	char *value = strchr(word, '='), *dot;
	size_t length = value ? (size_t)(value - word) : strlen(word), module;
	int error, result = -ENOENT;

	if (value)
		value = kmem_param_unquoted(value + 1);
	dot = (char *)memchr(word, '.', length);
	module = dot ? (size_t)(dot - word) : 0;
	for (kp = __start_kmem_params; kp < __stop_kmem_params; kp++) {
		if (dot && kmem_param_same(word, module, kp->module) &&
		    kmem_param_same(dot + 1, length - module - 1, kp->name))
			;
		else if (!kmem_param_same(word, length, kp->name))
			continue;
		error = value || (kp->ops->flags & KERNEL_PARAM_OPS_FL_NOARG) ? kp->ops->set(value, kp) : -EINVAL;
		if (error == -ENOSPC)
			kmem_printk("\001" "3%s: `%s' too large for parameter `%s'\n", kp->module, value, kp->name);
		else if (error)
			kmem_printk("\001" "3%s: `%s' invalid for parameter `%s'\n", kp->module, value ? value : "",
				    kp->name);
		if (error)
			return error;
		result = 0;
	}
	return result;
}

#ifdef __cplusplus
extern "C" {
#endif
char *kmem_getenv(const char *name) __asm__("secure_getenv");
void *kmem_libc_malloc(size_t size) __asm__("malloc");
#ifdef __cplusplus
}
#endif

/* The words `module.name=value` of KMEM_CMDLINE; others are not for modules. A set-user-ID program takes none. Done once. */
KMEM_SHARED bool kmem_modules_environment_read;

static inline int kmem_modules_environment(void)
{
	const char *line = kmem_getenv("KMEM_CMDLINE");
	char *copy, *word, *at;
	bool quoted = false;
	int error;

	if (kmem_modules_environment_read || !line || &__start_kmem_params[0] == &__stop_kmem_params[0])
		return 0;
	kmem_modules_environment_read = true;
	/* Never freed: parameters may point into it. */
	copy = (char *)kmem_libc_malloc(strlen(line) + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, line, strlen(line) + 1);
	for (word = at = copy; *word; word = at) {
		for (; *at && (quoted || !kmem_is_space(*at)); at++)
			quoted ^= *at == '"';
		if (*at)
			*at++ = '\0';
		word = kmem_param_unquoted(word);
		if (!memchr(word, '.', strcspn(word, "=")))
			continue;
		error = kmem_modules_param(word);
		if (error && error != -ENOENT)
			return error;
	}
	return 0;
}

/* The words of a command line, as insmod's. */
static inline int kmem_modules_arguments(int argc, char **argv)
{
	int i, error = kmem_modules_environment();

	for (i = 1; i < argc && !error; i++) {
		error = kmem_modules_param(argv[i]);
		if (error == -ENOENT) {
			kmem_printk("\001" "4%s: unknown parameter '%s' ignored\n", KBUILD_MODNAME, argv[i]);
			error = 0;
		}
	}
	return error;
}

#endif
