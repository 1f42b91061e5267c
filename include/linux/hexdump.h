/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory as lines of hexadecimal; part of linux/printk.h, which it needs. */
#ifndef KMEM_LINUX_HEXDUMP_H
#define KMEM_LINUX_HEXDUMP_H

#include <kmem/print.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	DUMP_PREFIX_NONE,
	DUMP_PREFIX_ADDRESS,
	DUMP_PREFIX_OFFSET
};

/*
 * One line of at most rowsize bytes, in groups of groupsize that are read as numbers of this machine. Rows are
 * 16 or 32 bytes long, groups 1, 2, 4 or 8; anything else counts as 16 and 1, and so do groups that do not
 * divide len. Returns the length of the whole line, which was cut when that is linebuflen or more.
 */
static inline int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize,
				     char *linebuf, size_t linebuflen, bool ascii)
{
	const unsigned char *bytes = (const unsigned char *)buf;
	static const char digits[] = "0123456789abcdef";
	size_t row = rowsize == 32 ? 32 : 16, group = (size_t)groupsize, at = 0, i;
	char line[32 * 3 + 2 + 32 + 1];

	if (len > row)
		len = row;
	if ((group != 2 && group != 4 && group != 8) || len % group != 0)
		group = 1;

	for (i = 0; i < len; i++) {
		/* On a little-endian machine the group's last byte is its number's first. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		unsigned char byte = bytes[i / group * group + (group - 1 - i % group)];
#else
		unsigned char byte = bytes[i];
#endif
		if (i && i % group == 0)
			line[at++] = ' ';
		line[at++] = digits[byte >> 4];
		line[at++] = digits[byte & 15];
	}
	if (ascii && len) {
		/* The text starts in the same column for short rows. */
		size_t column = row * 2 + row / group + 1;

		while (at < column)
			line[at++] = ' ';
		for (i = 0; i < len; i++)
			line[at++] = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.';
	}
	if (linebuflen) {
		size_t n = at < linebuflen ? at : linebuflen - 1;

		for (i = 0; i < n; i++)
			linebuf[i] = line[i];
		linebuf[n] = '\0';
	}
	return (int)at;
}

/* level is a KERN_ prefix; each line begins with prefix_str and, as asked, the address or the offset. */
static inline void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize,
				  int groupsize, const void *buf, size_t len, bool ascii)
{
	const unsigned char *bytes = (const unsigned char *)buf;
	size_t row = rowsize == 32 ? 32 : 16, at;
	char line[32 * 3 + 2 + 32 + 1];

	for (at = 0; at < len; at += row) {
		size_t part = len - at < row ? len - at : row;

		hex_dump_to_buffer(bytes + at, part, (int)row, groupsize, line, sizeof(line), ascii);
		switch (prefix_type) {
		case DUMP_PREFIX_ADDRESS:
			kmem_printk("%s%s%p: %s\n", level, prefix_str, (const void *)(bytes + at), line);
			break;
		case DUMP_PREFIX_OFFSET:
			kmem_printk("%s%s%.8x: %s\n", level, prefix_str, (unsigned int)at, line);
			break;
		default:
			kmem_printk("%s%s%s\n", level, prefix_str, line);
			break;
		}
	}
}

/* Like pr_debug(): silent without DEBUG. */
#ifdef DEBUG
#define print_hex_dump_debug(prefix_str, prefix_type, rowsize, groupsize, buf, len, ascii) \
	print_hex_dump(KERN_DEBUG, prefix_str, prefix_type, rowsize, groupsize, buf, len, ascii)
#else
#define print_hex_dump_debug(prefix_str, prefix_type, rowsize, groupsize, buf, len, ascii) \
	do { \
		if (0) \
			print_hex_dump(KERN_DEBUG, prefix_str, prefix_type, rowsize, groupsize, buf, len, ascii); \
	} while (0)
#endif
#define print_hex_dump_bytes(prefix_str, prefix_type, buf, len) \
	print_hex_dump_debug(prefix_str, prefix_type, 16, 1, buf, len, true)

#endif
