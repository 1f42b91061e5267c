// SPDX-License-Identifier: MIT OR Apache-2.0
/* Operations: formats and messages, beside the C library's where both mean the same. */
#include <kmem/print.h>
#include <setjmp.h>
#include <signal.h>

#include "fuzz.h"

/* What pointers in formats point to: a string for %s, and bytes enough for anything that is read through %p. */
static const char data[256] __attribute__((aligned(64))) = "some text that is formatted, neither long nor short";

static const struct kmem_va_format no_format = { NULL, NULL };

/* Letters behind %p, and whether what they point to is data. */
static const char *const pointers[] = {
	"p", "px", "pK", "pe", "pS", "ps", "pB", "pSR", "pI4", "pi4", "pI4h", "pI6", "pI6c", "pi6", "pM", "pm", "pMR",
	"pMF", "pUb", "pUl", "pUB", "pUL", "pa", "pad", "pGg", "pGp", "pGv", "pGz", "p4cc", "pE", "pEc", "pd", "pt", "pb", "pbl",
	"ph", "phC", "phD", "phN", "pR", "pr", "pC", "pz", "pIS", "pi", "pU", "pNF", "pOF", "pD", "pg",
};

/*
 * A conversion whose text depends on nothing but its arguments fits no buffer but a large one: whatever the size, the
 * length that is returned is the same, and what is in the buffer is the beginning.
 */
static int cut(char *whole, size_t room, uint8_t size, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	int len, again, kept;

	va_start(ap, fmt);
	len = kmem_vsnprintf(whole, room, fmt, ap);
	va_end(ap);
	if (len < 0 || whole[(size_t)len < room ? (size_t)len : room - 1] != '\0')
		fail("%s has length %d, or no end", fmt, len);
	memset(text, '#', sizeof(text));
	va_start(ap, fmt);
	again = kmem_vsnprintf(size ? text : NULL, size, fmt, ap);
	va_end(ap);
	if (again != len)
		fail("%s has length %d, and %d in %u bytes", fmt, len, again, size);
	for (size_t i = size; i < sizeof(text); i++)
		if (text[i] != '#')
			fail("%s was written beyond %u bytes", fmt, size);
	/* A %c may be a NUL in the middle. */
	kept = len < size ? len : size - 1;
	if (size && (text[kept] != '\0' || memcmp(text, whole, (size_t)kept) != 0))
		fail("%s in %u bytes is %s", fmt, size, text);
	va_start(ap, fmt);
	again = kmem_vscnprintf(text, size, fmt, ap);
	va_end(ap);
	if (again != (size == 0 ? 0 : len < size ? len : size - 1))
		fail("%s: scnprintf to %u bytes returned %d of %d", fmt, size, again, len);
	return len;
}

static char *copied(gfp_t gfp, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = kmem_kvasprintf(gfp, fmt, ap);
	va_end(ap);
	return text;
}

static const char *copied_const(gfp_t gfp, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = kmem_kvasprintf_const(gfp, fmt, ap);
	va_end(ap);
	return text;
}

static void got_copy(char *text, const char *should)
{
	if (!text)
		allowed_to_fail(NULL, 0, "kasprintf");
	else if (strcmp(text, should) != 0)
		fail("kasprintf made \"%s\" of \"%s\"", text, should);
	else
		model_add(KMALLOC, NULL, text, strlen(should) + 1, 8);
}

/* An integer: the C library must write the same. */
static void integer(struct operands o)
{
	static const uint64_t values[] = { 1, 9, 10, 127, 128, 255, 256, 65535, 99999, INT32_MAX, 1ul << 31, UINT32_MAX, 1ul << 32,
					   INT64_MAX, 1ul << 63, UINT64_MAX };
	static const char *const lengths[] = { "", "l", "ll", "h", "hh", "z", "j", "t" };
	uint64_t value = values[o.c % 16];
	char fmt[32], ours[512], theirs[512];
	char letter = "diuxXo"[o.a % 6];
	bool minus = o.b & 1, zero = o.b & 2, plus = o.b & 4, blank = o.b & 8, form = o.b & 16, precise = o.c & 16;
	int len;

	/* The kernel pads with zeroes in spite of a precision, and has its own view of a form with one, or of 0. */
	if (precise)
		zero = form = false;
	if ((value & 255) == 0)
		form = false;
	snprintf(fmt, sizeof(fmt), "%s%%%s%s%s%s%s%.0u", o.c & 32 ? "[" : "", minus ? "-" : "", zero ? "0" : "", plus ? "+" : "",
		 blank ? " " : "", form && letter != 'd' && letter != 'i' && letter != 'u' ? "#" : "", o.a / 6);
	if (precise)
		snprintf(fmt + strlen(fmt), 8, ".%u", 1 + o.c / 64);
	snprintf(fmt + strlen(fmt), 8, "%s%c|", lengths[o.b >> 5 & (o.c & 64 ? 7 : 5)], letter);
	if (lengths[o.b >> 5 & (o.c & 64 ? 7 : 5)][0] == 'j')
		return;
	if (strchr("du", letter) == NULL && (plus || blank))
		return;
	if (letter == 'u' && (plus || blank))
		return;
	len = cut(ours, sizeof(ours), o.c, fmt, value);
	if (snprintf(theirs, sizeof(theirs), fmt, value) != len || strcmp(ours, theirs) != 0)
		fail("%s is \"%s\", not \"%s\"", fmt, ours, theirs);
	switch (o.a % 4) {
	case 0:
		got_copy(kmem_kasprintf(GFP_KERNEL, fmt, value), ours);
		break;
	case 1:
		got_copy(copied(GFP_KERNEL, fmt, value), ours);
		break;
	case 2:
		if (kmem_snprintf(theirs, sizeof(theirs), fmt, value) != len || strcmp(ours, theirs) != 0)
			fail("snprintf and vsnprintf differ");
		break;
	default:
		if (kmem_scnprintf(theirs, sizeof(theirs), fmt, value) != len || strcmp(ours, theirs) != 0)
			fail("snprintf and scnprintf differ");
	}
}

static void string(struct operands o)
{
	char fmt[32], ours[512], theirs[512];
	const char *from = data + o.a % 52;

	snprintf(fmt, sizeof(fmt), "%%%s%.0u", o.b & 1 ? "-" : "", o.b >> 2);
	if (o.b & 2)
		snprintf(fmt + strlen(fmt), 8, ".%u", o.a / 4);
	strcat(fmt, "s%c%%");
	if (snprintf(theirs, sizeof(theirs), fmt, from, 'c') != cut(ours, sizeof(ours), o.c, fmt, from, 'c') || strcmp(ours, theirs) != 0)
		fail("%s is \"%s\", not \"%s\"", fmt, ours, theirs);
	got_copy((char *)copied_const(GFP_KERNEL, fmt, from, 'c'), ours);
	/* What needs no formatting needs no copy. */
	if (copied_const(GFP_KERNEL, "%s", data) != data || copied_const(GFP_KERNEL, "plain") == NULL)
		fail("kvasprintf_const copied what is constant");
}

static void pointer(struct operands o)
{
	char fmt[48], whole[4096];
	const char *letters = pointers[o.a % (sizeof(pointers) / sizeof(pointers[0]))];
	const void *to = data;

	snprintf(fmt, sizeof(fmt), "%%%s%.0u%s|", o.b & 1 ? "-" : "", o.b >> 2, letters);
	if (o.b & 2)
		to = letters[1] && strchr("Ssx", letters[1]) ? (const void *)op_format : letters[1] == 'e' ? (const void *)-12L : NULL;
	/* Lengths in bytes, and in bits. */
	if (letters[1] == 'h' || letters[1] == 'E' || letters[1] == 'b')
		snprintf(fmt, sizeof(fmt), "%%%u%s|", o.b >> 2, letters);
	cut(whole, sizeof(whole), o.c, fmt, to);
}

/* Any bytes as a format. What it reads are pointers to the same text; a width from there would be one of millions. */
static void any(struct operands o)
{
	static const char alphabet[] = "%%%%%%dsxpucXoiI46hMmUlLGgSBbeKVaEN0123.#+- zqCnj\1\377RFtTw";
	char fmt[16], whole[2048];
	uint32_t bits = (uint32_t)(o.a | o.b << 8 | o.c << 16) * 0x9e3779b1u;

	for (unsigned int i = 0; i < 8; i++, bits = bits * 0x9e3779b1u + 77)
		fmt[i] = alphabet[(bits >> 16) % (sizeof(alphabet) - 1)];
	fmt[8] = '\0';
	/* Those that follow pointers to pointers, or write. */
	for (char *at = fmt; (at = strpbrk(at, "Vn")); at++)
		*at = '_';
	cut(whole, sizeof(whole), o.c, fmt, data, data, data, data, data, data, data, data);
}

OPERATION(op_format)
{
	if (!model_room(1024))
		return;
	switch (o.c % 4) {
	case 0:
		integer(o);
		break;
	case 1:
		string(o);
		break;
	case 2:
		pointer(o);
		break;
	default:
		any(o);
	}
}

static int message(const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = kmem_vprintk(fmt, ap);
	va_end(ap);
	return len;
}

OPERATION(op_print)
{
	char fmt[16] = "\0014%.*s %d";
	int most = o.b < 51 ? o.b : 51, len;

	fmt[1] = "01234567c"[o.a % 9];
	switch (o.c % 5) {
	case 0:
		len = kmem_printk(fmt, most, data, 12345);
		break;
	case 1:
		len = message(fmt + 2, most, data, 12345);
		break;
	case 2:
		kmem_warn("fuzz.c", o.a, "op_print", o.b & 1 ? NULL : "%.*s\n", most, data);
		return;
	case 3:
		kmem_dump_stack();
		return;
	default:
		if (kmem_printk(NULL) != 0 || kmem_printk("%pV", &no_format) < 0)
			fail("a message without a format");
		/* Longer than any message may be. */
		if (kmem_printk("%2000d", 5) > 1024)
			fail("a message of more than 1024 bytes");
		return;
	}
	if (len != most + 6)
		fail("a message of %d bytes has length %d", most + 6, len);
}

static _Thread_local jmp_buf back;
static _Thread_local bool gave_up;

static void leave(const char *text)
{
	gave_up = text && *text;
	longjmp(back, 1);
}

static void bug(void *line)
{
	kmem_bug("fuzz.c", (int)(uintptr_t)line);
}

/* The process may go on if the handler leaves in its own way; nobody is asked about BUG(). */
OPERATION(op_give_up)
{
	if (o.a % 8 == 0) {
		if (!in_child(bug, (void *)(uintptr_t)o.b, SIGABRT))
			fail("the process outlived BUG()");
		return;
	}
	kmem_set_panic_handler(leave);
	gave_up = false;
	if (setjmp(back) == 0) {
		if (o.a & 1)
			kmem_panic("%s %d", data, o.b);
		kmem_cache_create("fuzz_panic", 0, 0, SLAB_PANIC, NULL);
	}
	kmem_set_panic_handler(NULL);
	if (!gave_up)
		fail("the handler of a panic was not told why");
}
