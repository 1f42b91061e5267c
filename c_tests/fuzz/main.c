// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * fuzz --corpus DIR            every program of a directory, in every mode
 * fuzz --random SEED COUNT     so many random ones in every mode
 * fuzz --seconds N [SEED]      random ones, the modes in turn, until the time is over, each at least ten
 * fuzz --replay FILE [MODE]    one program, in this process, with all messages
 *
 * --mode NAME before that: only this mode. A mode is a setting of KMEM_CMDLINE, by its name or in full; in the mode
 * `any` options are drawn for each batch. A program runs in a child process, with up to 50 others. One that fails is
 * run alone, shortened as long as it still fails, and printed. With -DLIBFUZZER there is LLVMFuzzerTestOneInput()
 * instead, and the mode is what FUZZ_MODE says (guided).
 */
#include <dirent.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

/* The command line of the mode `any`, and whether the caller gave it. */
static char any_line[400];
static bool given;

static const struct {
	const char *name, *cmdline;
} modes[] = {
	{ "plain", "" },
	{ "harden", "kmem.harden=1" },
	{ "debug", "slab_debug=FZPU" },
	{ "checks", "slab_debug=F" },
	{ "init", "init_on_alloc=1 init_on_free=1" },
	{ "failslab", "failslab=1,20,0,-1" },
	{ "random", "kmem.harden=2" },
	{ "quarantine", "kmem.harden=2 slab_debug=FZPU" },
	{ "odd", "slab_nomerge slab_max_order=0 kmem.cpus=64 kmem.background=1 kmem.huge=1" },
	{ "scarce", "kmem.arena=24M" },
	{ "any", any_line },
};
enum { N_MODES = 11, ANY = N_MODES - 1, BATCH = 50, SLICE = 10, BYTES = MAX_OPS * OP_BYTES, FAILED = 99 };

/* What the child of the moment is at, for the parent to read after its end. */
static struct progress {
	unsigned int program, op;
	char message[300];
} *progress;

/* The end of what the library said. */
static struct log {
	char text[6000];
	size_t at;
} *said;

static bool loud;

static void print_said(void)
{
	if (!said)
		return;
	for (size_t i = 0; i < sizeof(said->text); i++) {
		char c = said->text[(said->at + i) % sizeof(said->text)];

		if (c)
			putchar(c);
	}
	fflush(stdout);
}

void fail(const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!progress) {
		print_said();
		fprintf(stderr, "operation %u: %s\n", op_at, text);
		abort();
	}
	/* A forked child's words are to the point; its parent knows only that it failed. */
	if (!progress->message[0]) {
		memcpy(progress->message, text, sizeof(text));
		progress->op = op_at;
	}
	_exit(FAILED);
}

static void keep(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	for (size_t i = 0; said && i < len; i++)
		said->text[said->at++ % sizeof(said->text)] = text[i];
}

static void set_mode(const char *cmdline)
{
	setenv("KMEM_CMDLINE", cmdline, 1);
	mode.harden = strstr(cmdline, "kmem.harden") != NULL;
	mode.debug = strstr(cmdline, "slab_debug") || strstr(cmdline, "slub_debug");
	mode.failslab = strstr(cmdline, "failslab=") || strstr(cmdline, "kmem.fail_nth") || strstr(cmdline, "kmem.non_kernel");
	mode.late = strstr(cmdline, "kmem.harden=2") != NULL;
	mode.scarce = strstr(cmdline, "kmem.arena") != NULL;
	mode.init_on_alloc = strstr(cmdline, "init_on_alloc") != NULL;
	mode.largest = (size_t)4 << 20;
	for (const char *at = cmdline; (at = strstr(at, "page_size=")); at++) {
		char *end;
		size_t number = strtoul(at + strlen("page_size="), &end, 10);

		mode.largest = *end == 'K' ? number << 20 : mode.largest;
	}
	mode.any = cmdline == any_line;
	if (!loud)
		kmem_set_log_handler(keep, NULL);
}

/* The number of a mode, by its name or its command line; N_MODES for an unknown name. */
static unsigned int mode_called(const char *name)
{
	unsigned int m = 0;

	while (m < N_MODES && strcmp(modes[m].name, name) != 0)
		m++;
	if (m < N_MODES || !strchr(name, '='))
		return m;
	snprintf(any_line, sizeof(any_line), "%s", name);
	given = true;
	return ANY;
}

#ifdef LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct log log;

	if (!said) {
		const char *name = getenv("FUZZ_MODE");
		unsigned int m = name ? mode_called(name) : 0;

		if (m == N_MODES)
			abort();
		said = &log;
		set_mode(modes[m].cmdline);
	}
	run_program(data, size);
	return 0;
}

#else

struct program {
	uint8_t bytes[BYTES];
	size_t size;
};

static uint64_t mix(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/*
 * A command line: each option there is, in one of its forms, with one chance in six; some words that are none. Left out is
 * what ends the process by intent (panic_on_bug, foreign_free=libc), and waiting for memory that never comes. A line
 * that the caller gave stays.
 */
static void draw_line(uint64_t seed)
{
	static const char *const options[][4] = {
		{ "slab_nomerge", "slub_nomerge", "slab_merge", "slab_nomerge=1" },
		{ "slab_min_objects=1", "slab_min_objects=7", "slab_min_objects=64", "slub_min_objects=4000" },
		{ "slab_min_order=1", "slab_min_order=3", "slab_min_order=6", "slab_min_order=-1" },
		{ "slab_max_order=0", "slab_max_order=1", "slab_max_order=5", "slub_max_order=10" },
		{ "init_on_alloc=1", "init_on_alloc=on", "init_on_alloc=y", "init_on_alloc=Y" },
		{ "init_on_free=1", "init_on_free=0", "init_on_free=y", "init_on_free=" },
		{ "slab_debug", "slab_debug=F", "slab_debug=Z", "slab_debug=P" },
		{ "slab_debug=ZPU", "slab_debug=FU,fuzz*;-,kmalloc-64", "slab_debug=FZPUO", "slab_debug=FZ,;;,x;P,*;" },
		{ "slab_debug=A", "slab_debug=U", "slub_debug=fzpUQ!,kmalloc-*", "slab_debug=O" },
		{ "failslab=1,20,0,-1", "failslab=7,100,4000,50", "failslab=1,5,0,-1", "failslab=9,9,9" },
		{ "kmem.failslab_ignore_gfp_wait=0", "kmem.failslab_cache_filter=1", "kmem.failslab_task_filter=1", "kmem.failslab_verbose=2" },
		{ "kmem.fail_nth=1", "kmem.fail_nth=30", "kmem.fault_seed=3", "kmem.non_kernel=5" },
		{ "kmem.harden=1", "kmem.harden=1", "kmem.harden=2", "kmem.harden=2" },
		{ "kmem.huge=0", "kmem.huge=1", "kmem.huge=off", "kmem.huge=2" },
		{ "kmem.page_size=16K", "kmem.page_size=64K", "kmem.page_size=8K", "kmem.page_size=5" },
		{ "kmem.cpus=1", "kmem.cpus=64", "kmem.cpus=4096", "kmem.cpus=8193" },
		{ "kmem.arena=24M", "kmem.arena=4G", "kmem.arena=300M", "kmem.arena=99999999999999999999" },
		{ "kmem.background=1", "kmem.tools=0", "kmem.log=/dev/null", "kmem.decay=0" },
		{ "other.option=1", "kmem.", "=", "\xff\x01%s%n=\"a b\"" },
	};
	uint64_t state = seed;
	size_t at = 0;

	if (given)
		return;
	any_line[0] = '\0';
	for (unsigned int i = 0; i < sizeof(options) / sizeof(*options); i++) {
		uint64_t bits = mix(&state);

		if (bits % 6 == 0)
			at += (size_t)snprintf(any_line + at, sizeof(any_line) - at, "%s%s", at ? " " : "", options[i][bits >> 8 & 3]);
		if (at >= sizeof(any_line))
			abort();
	}
}

/* A few creations, then operations of which most come from a small choice: each program has its own emphasis. */
static void generate(struct program *p, uint64_t seed)
{
	uint64_t state = seed;
	unsigned int n = 4 + mix(&state) % (mix(&state) % 4 ? 60 : MAX_OPS - 8), choice[12];

	for (unsigned int i = 0; i < 12; i++)
		choice[i] = mix(&state) % n_operations;
	p->size = n * OP_BYTES;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t bits = mix(&state);
		unsigned int op = i < 3 ? 0 : bits & 1 ? choice[(bits >> 1) % 12] : (bits >> 1) % n_operations;
		unsigned int thread = (bits >> 40) % 4;

		if (i >= 3 && i < 6)
			op = 4;
		p->bytes[i * 4] = (uint8_t)(op | thread << 6);
		p->bytes[i * 4 + 1] = (uint8_t)(bits >> 16);
		p->bytes[i * 4 + 2] = (uint8_t)(bits >> 24);
		p->bytes[i * 4 + 3] = (uint8_t)(bits >> 32);
	}
}

/* Runs programs in a child; returns whether all passed. */
static bool run_batch(unsigned int m, const struct program *programs, unsigned int n)
{
	int status;
	pid_t pid;

	progress->message[0] = '\0';
	memset(said, 0, sizeof(*said));
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		alarm(120);
		set_mode(modes[m].cmdline);
		for (unsigned int i = 0; i < n; i++) {
			progress->program = i;
			run_program(programs[i].bytes, programs[i].size);
		}
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("fork");
		exit(2);
	}
	if (WIFSIGNALED(status))
		snprintf(progress->message, sizeof(progress->message), "signal %d", WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Leaves operations out, many at first, as long as the rest still fails. */
static void shorten(unsigned int m, struct program *p)
{
	static struct program less;

	for (size_t step = p->size / OP_BYTES / 2; step; step = step > 1 ? step / 2 : 0) {
		for (size_t at = 0; at + step <= p->size / OP_BYTES;) {
			memcpy(less.bytes, p->bytes, at * OP_BYTES);
			less.size = p->size - step * OP_BYTES;
			memcpy(less.bytes + at * OP_BYTES, p->bytes + (at + step) * OP_BYTES, less.size - at * OP_BYTES);
			if (run_batch(m, &less, 1))
				at += step;
			else
				*p = less;
		}
	}
}

static void print_program(const struct program *p)
{
	for (size_t i = 0; i < p->size; i += OP_BYTES)
		printf("#   %02x%02x%02x%02x  thread %d %s %u %u %u\n", p->bytes[i], p->bytes[i + 1], p->bytes[i + 2],
		       p->bytes[i + 3], (p->bytes[i] >> 6) % 3, operation_name(p->bytes + i), p->bytes[i + 1],
		       p->bytes[i + 2], p->bytes[i + 3]);
}

static void failed(unsigned int m, const struct program *programs, const char *what)
{
	static struct program p;
	unsigned int which = progress->program;
	static struct log before;
	char path[64];
	FILE *out;

	p = programs[which];
	before = *said;
	printf("# %s failed in mode %s (KMEM_CMDLINE=\"%s\") at operation %u: %s\n", what, modes[m].name, modes[m].cmdline,
	       progress->op, progress->message);
	if (run_batch(m, &p, 1)) {
		printf("# alone it passes: it needs the %u programs before it, or luck\n", which);
		*said = before;
		print_said();
		print_program(&p);
		return;
	}
	shorten(m, &p);
	run_batch(m, &p, 1);
	printf("# shortened, it fails at operation %u: %s\n", progress->op, progress->message);
	print_program(&p);
	snprintf(path, sizeof(path), "fuzz-failure-%s-%d", modes[m].name, (int)getpid());
	out = fopen(path, "w");
	if (out && fwrite(p.bytes, 1, p.size, out) == p.size)
		printf("# replay: fuzz --replay %s '%s'\n", path, m == ANY ? any_line : modes[m].name);
	if (out)
		fclose(out);
}

static bool random_batch(unsigned int m, uint64_t seed, unsigned int n)
{
	static struct program programs[BATCH];
	char what[64];

	for (unsigned int i = 0; i < n; i++)
		generate(&programs[i], seed + i);
	if (m == ANY)
		draw_line(seed);
	if (run_batch(m, programs, n))
		return true;
	snprintf(what, sizeof(what), "program with seed %lu", (unsigned long)seed + progress->program);
	failed(m, programs, what);
	return false;
}

static bool load(struct program *p, const char *path)
{
	FILE *in = fopen(path, "r");

	if (!in)
		return false;
	p->size = fread(p->bytes, 1, BYTES, in);
	fclose(in);
	return p->size > 0;
}

static bool corpus(unsigned int m, const char *directory)
{
	static struct program programs[BATCH];
	struct dirent **entries;
	const char *names[BATCH];
	int n = scandir(directory, &entries, NULL, alphasort), ran = 0;
	unsigned int held = 0;
	bool good = true;

	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		names[held] = entries[i]->d_name;
		if (entries[i]->d_name[0] != '.' && load(&programs[held], path))
			held++;
		if (held == BATCH || (held && i == n - 1)) {
			if (m == ANY)
				draw_line((uint64_t)i);
			if (!run_batch(m, programs, held)) {
				failed(m, programs, names[progress->program]);
				good = false;
			}
			ran += (int)held;
			held = 0;
		}
	}
	for (int i = 0; i < n; i++)
		free(entries[i]);
	if (n >= 0)
		free(entries);
	printf("%sok - corpus, %s: %d programs\n", good && ran ? "" : "not ", modes[m].name, ran);
	return good && ran;
}

static unsigned long operations_in(uint64_t seed, unsigned int n)
{
	static struct program p;
	unsigned long operations = 0;

	for (unsigned int i = 0; i < n; i++) {
		generate(&p, seed + i);
		operations += p.size / OP_BYTES;
	}
	return operations;
}

static double cpu_seconds(void)
{
	struct rusage use;

	getrusage(RUSAGE_CHILDREN, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	unsigned long counts[N_MODES] = { 0 }, operations[N_MODES] = { 0 }, failures = 0;
	double spent[N_MODES] = { 0 };
	unsigned int only = N_MODES;
	bool good = true;

	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 3 && strcmp(argv[1], "--mode") == 0) {
		only = mode_called(argv[2]);
		argc -= 2;
		argv += 2;
	}
#define EACH_MODE(m) for (unsigned int m = only == N_MODES ? 0 : only; m < (only == N_MODES ? N_MODES : only + 1); m++)
	if (argc == 3 && strcmp(argv[1], "--corpus") == 0) {
		EACH_MODE(m) good &= corpus(m, argv[2]);
	} else if (argc == 4 && strcmp(argv[1], "--random") == 0) {
		unsigned long seed = strtoul(argv[2], NULL, 0), count = strtoul(argv[3], NULL, 0);

		EACH_MODE(m) {
			bool all = true;

			for (unsigned long at = 0; at < count && all; at += BATCH)
				all = random_batch(m, seed + at, (unsigned int)(count - at < BATCH ? count - at : BATCH));
			printf("%sok - random, %s: %lu programs from seed %lu\n", all ? "" : "not ", modes[m].name, count, seed);
			good &= all;
		}
	} else if (argc >= 3 && strcmp(argv[1], "--seconds") == 0) {
		uint64_t seed = argc > 3 ? strtoul(argv[3], NULL, 0) : (uint64_t)time(NULL) << 20;
		time_t end = time(NULL) + atol(argv[2]);

		while (time(NULL) < end && failures < 20) {
			EACH_MODE(m) {
				double before = cpu_seconds();

				failures += !random_batch(m, seed, SLICE);
				spent[m] += cpu_seconds() - before;
				counts[m] += SLICE;
				operations[m] += operations_in(seed, SLICE);
			}
			seed += SLICE;
		}
		EACH_MODE(m) 
			printf("# %s: %lu programs, %lu operations, %.1f s of CPU time\n", modes[m].name, counts[m], operations[m], spent[m]);
		printf("%sok - random, for %s s\n", failures ? "not " : "", argv[2]);
		good = !failures;
	} else if (argc >= 3 && strcmp(argv[1], "--replay") == 0) {
		static struct program p;

		loud = true;
		progress = NULL;
		only = argc > 3 ? mode_called(argv[3]) : 0;
		if (only == N_MODES || !load(&p, argv[2]))
			return 2;
		set_mode(modes[only].cmdline);
		print_program(&p);
		run_program(p.bytes, p.size);
	} else {
		fprintf(stderr, "usage: fuzz [--mode NAME] --corpus DIR | --random SEED COUNT | --seconds N [SEED] | --replay FILE [MODE]\n");
		return 2;
	}
	return good ? 0 : 1;
}

#endif
