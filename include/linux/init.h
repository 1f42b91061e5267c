/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Init and exit functions: registration, and running them.
 *
 * module_init(f), module_exit(g) and the other initcalls put a record into a section of the program, so modules
 * need no list of each other: link as many as you like. The file with an init also brings a weak main() that runs
 * all inits, then all exits. What such a program does:
 *
 *   every init gave 0        exits run in reverse order, exit status 0
 *   an init gave -EINVAL     the exits of the modules before it run, exit status 22
 *
 * Its arguments are module parameters, NAME=VALUE (linux/moduleparam.h).
 *
 * A program with a main() of its own keeps it, and calls kmem_modules_init() and kmem_modules_exit() (from a file
 * that includes this header) when it sees fit. That main() must be in another file than a module_init(), or
 * KMEM_NO_MAIN be defined before the first #include. With KMEM_INIT_BEFORE_MAIN, the inits of all modules run before
 * main() and the exits after it, as for a driver that is built in; an init that fails is reported, and its exit
 * does not run.
 */
#ifndef KMEM_LINUX_INIT_H
#define KMEM_LINUX_INIT_H

#ifdef __cplusplus
/* Libraries have members and parameters named __init; what C++ reads of them must be read before the macro exists. */
extern "C++" {
#include <cstdlib>
#include <memory>
#include <numeric>
}
#endif

#include <kmem/print.h>
#include <linux/compiler.h>
#include <linux/moduleparam.h>

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

/* Memory is not given back after init, but what runs once is kept out of the way of what runs often. */
#ifndef __init
#define __init			__cold
#endif
#ifndef __exit
#define __exit			__cold
#endif
#ifndef __initdata
#define __initdata
#endif
#ifndef __initconst
#define __initconst
#endif
#ifndef __exitdata
#define __exitdata
#endif

/* One init or one exit. */
struct kmem_initcall {
	initcall_t init;	/* NULL in the record of an exit */
	exitcall_t exit;	/* NULL in the record of an init */
	const char *module;	/* address that all records of one source file have in common */
	int level;		/* inits run by level, then in link order */
	int live;		/* 1: this init has succeeded and its exit has not run; -1: it failed before main() */
};

/* The linker names the bounds of the section. Weak: a program may have no module at all. */
extern struct kmem_initcall __start_kmem_initcalls[] __attribute__((__weak__, __visibility__("hidden")));
extern struct kmem_initcall __stop_kmem_initcalls[] __attribute__((__weak__, __visibility__("hidden")));

/* Not const: the linker may fold equal constants of several files into one. */
static char kmem_this_file[1] __attribute__((__unused__));

/* Runs an exit unless its own init failed or never ran. An exit without an init always runs. */
static inline void kmem_run_exit(const struct kmem_initcall *call)
{
	struct kmem_initcall *c;
	int inits = 0, live = 0;

	for (c = __start_kmem_initcalls; c < __stop_kmem_initcalls; c++) {
		if (c->init && c->module == call->module) {
			inits++;
			live += c->live > 0;
			c->live = 0;
		}
	}
	if (!inits || live)
		call->exit();
}

/* Runs all exits that are due, in reverse order of linking. */
static inline void kmem_modules_exit(void)
{
	struct kmem_initcall *c = __stop_kmem_initcalls;

	while (c > __start_kmem_initcalls) {
		c--;
		if (c->exit)
			kmem_run_exit(c);
	}
}

/* Runs all inits. The first negative result ends it: what was initialised before is undone, and it is returned. */
static inline int kmem_modules_init(void)
{
	struct kmem_initcall *c;
	int level, result = kmem_modules_environment();

	if (result)
		return result;
	for (level = 0; level <= 7; level++) {
		for (c = __start_kmem_initcalls; c < __stop_kmem_initcalls; c++) {
			if (!c->init || c->level != level || c->live)
				continue;
			result = c->init();
			if (result < 0) {
				kmem_modules_exit();
				return result;
			}
			if (result > 0)
				kmem_printk("\001" "4do_init_module: an init function suspiciously returned %d, it should "
					    "follow 0/-E convention\n", result);
			c->live = 1;
		}
	}
	return 0;
}

static inline int kmem_modules_main(int argc, char **argv)
{
	int result = kmem_modules_arguments(argc, argv);

	if (!result)
		result = kmem_modules_init();
	if (result < 0)
		return -result;
	kmem_modules_exit();
	return 0;
}

/*
 * Records must survive a linker that collects unused sections, and an optimiser that sees the whole program must
 * leave them in link order.
 */
#if __has_attribute(__retain__)
#define KMEM_RETAIN		__attribute__((__retain__))
#else
#define KMEM_RETAIN
#endif
#if __has_attribute(__no_reorder__)
#define KMEM_NO_REORDER		__attribute__((__no_reorder__))
#else
#define KMEM_NO_REORDER
#endif
/* The alignment is said, so that it is not a larger one: the section is an array. */
#define KMEM_INITCALL_SECTION \
	__attribute__((__section__("kmem_initcalls"), __used__, __aligned__(__alignof__(struct kmem_initcall)))) \
	KMEM_RETAIN KMEM_NO_REORDER

#if defined(KMEM_INIT_BEFORE_MAIN)
/* Each file with an init brings these two. The first that runs does all the work, and leaves none to the others. */
KMEM_SHARED bool kmem_modules_over;

static __attribute__((__constructor__, __unused__)) void kmem_modules_before_main(void)
{
	struct kmem_initcall *c;
	int level, result;

	kmem_modules_environment();
	for (level = 0; level <= 7; level++) {
		for (c = __start_kmem_initcalls; c < __stop_kmem_initcalls; c++) {
			if (!c->init || c->level != level || c->live)
				continue;
			result = c->init();
			c->live = result < 0 ? -1 : 1;
			if (result < 0)
				kmem_printk("\001" "4initcall %pS returned with error %d\n", (void *)c->init, result);
		}
	}
}
static __attribute__((__destructor__, __unused__)) void kmem_modules_after_main(void)
{
	if (!kmem_modules_over)
		kmem_modules_exit();
	kmem_modules_over = true;
}
#define KMEM_MODULES_MAIN
#elif defined(KMEM_NO_MAIN)
#define KMEM_MODULES_MAIN
#else
#define KMEM_MODULES_MAIN \
	int main(int argc, char **argv) __attribute__((__weak__)); \
	int main(int argc, char **argv) { return kmem_modules_main(argc, argv); }
#endif

#define KMEM_INITCALL(f, level) \
	KMEM_MODULES_MAIN \
	static struct kmem_initcall KMEM_CONCAT(kmem_init_, f) KMEM_INITCALL_SECTION = \
		{ f, 0, kmem_this_file, level, 0 }

/* module_init() is linux/module.h's name for device_initcall(). A file has one of these, as a module has. */
#define early_initcall(f)	KMEM_INITCALL(f, 0)
#define core_initcall(f)	KMEM_INITCALL(f, 1)
#define postcore_initcall(f)	KMEM_INITCALL(f, 2)
#define arch_initcall(f)	KMEM_INITCALL(f, 3)
#define subsys_initcall(f)	KMEM_INITCALL(f, 4)
#define fs_initcall(f)		KMEM_INITCALL(f, 5)
#define device_initcall(f)	KMEM_INITCALL(f, 6)
#define late_initcall(f)	KMEM_INITCALL(f, 7)

#define __exitcall(f) \
	static struct kmem_initcall KMEM_CONCAT(kmem_exit_, f) KMEM_INITCALL_SECTION = \
		{ 0, f, kmem_this_file, 0, 0 }

#endif
